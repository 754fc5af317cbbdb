// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * What jobs emitted, written by Flink's own exactly-once sink to a directory: a line a sample, made
 * by {@link LedgerLine}. Holds nothing open. A job that goes on from a savepoint writes to the
 * ledger of the one before, and so do several jobs that are judged together.
 *
 * <pre>{@code
 * Ledger ledger = Ledger.at(directory);
 * stream.map(new LedgerLine()).sinkTo(ledger.sink());
 * env.execute();
 * Expected.reading(dataset, 3).compare(ledger.entries()).check();
 * }</pre>
 */
public final class Ledger {

  private final String uri;

  private Ledger(String uri) {
    this.uri = uri;
  }

  /** A ledger in a local directory, which need not exist. */
  public static Ledger at(java.nio.file.Path directory) {
    return at(directory.toUri().toString());
  }

  /**
   * A ledger in a directory of any file system of Flink's, such as {@code s3://bucket/ledger}. Both
   * the job's processes and the one that calls {@link #entries} must have the file system.
   */
  public static Ledger at(String uri) {
    return new Ledger(uri);
  }

  /** The directory. */
  public String uri() {
    return uri;
  }

  /** Where a job's lines go: files that are committed at each checkpoint and at the job's end. */
  public FileSink<String> sink() {
    return FileSink.forRowFormat(new Path(uri), new SimpleStringEncoder<String>("UTF-8"))
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .build();
  }

  /**
   * What was committed, in no order; empty if there is no such directory. Files that no checkpoint
   * completed do not count. Blocks on the file system.
   *
   * @throws IOException if the directory cannot be read, or naming file and line, if one is none of
   *     a ledger
   */
  public List<LedgerEntry> entries() throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    Path directory = new Path(uri);
    read(directory.getFileSystem(), directory, entries);
    return entries;
  }

  private static void read(FileSystem files, Path directory, List<LedgerEntry> entries)
      throws IOException {
    for (FileStatus child : children(files, directory)) {
      if (child.isDir()) {
        read(files, child.getPath(), entries);
      } else if (isCommitted(child.getPath().getName())) {
        readFile(files, child.getPath(), entries);
      }
    }
  }

  private static FileStatus[] children(FileSystem files, Path directory) throws IOException {
    try {
      // Flink's local file system says null, others throw, and object stores have no directories.
      FileStatus[] children = files.listStatus(directory);
      return children == null ? new FileStatus[0] : children;
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Files in progress begin with a dot; what S3's writer keeps between checkpoints with a line. */
  private static boolean isCommitted(String name) {
    return !name.startsWith(".") && !name.startsWith("_");
  }

  private static void readFile(FileSystem files, Path file, List<LedgerEntry> entries)
      throws IOException {
    int number = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files.open(file), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        entries.add(LedgerEntry.parse(line));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "Cannot read the ledger in " + file + ", line " + number + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "Ledger[" + uri + "]";
  }
}
