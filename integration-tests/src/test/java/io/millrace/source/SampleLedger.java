// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * What a job emitted, written by Flink's own exactly-once sink: a line a sample. Files that were
 * never committed do not count.
 */
final class SampleLedger {

  private final Path directory;

  SampleLedger(Path directory) {
    this.directory = directory;
  }

  FileSink<String> sink() {
    return FileSink.forRowFormat(
            new org.apache.flink.core.fs.Path(directory.toUri()),
            new SimpleStringEncoder<String>("UTF-8"))
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .build();
  }

  /** The line of a sample of a dataset with an integer field {@code id}. */
  static String line(Sample sample) {
    return line(sample, sample.getLong("id"));
  }

  /** The line of a sample that is told by something else. */
  static String line(Sample sample, long id) {
    SampleMetadata at = sample.metadata();
    return String.join(
        ",",
        String.valueOf(at.epoch()),
        at.shard(),
        String.valueOf(at.sample()),
        String.valueOf(at.epochPosition()),
        String.valueOf(at.shuffleKey()),
        String.valueOf(id));
  }

  /** Committed lines, in no order. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(SampleLedger::isCommitted).toList()) {
        Files.readAllLines(file).forEach(line -> entries.add(Entry.parse(line)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  private static boolean isCommitted(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }

  /** A line of the ledger; fields as in {@link SampleMetadata}. */
  record Entry(int epoch, String shard, long sample, long epochPosition, long shuffleKey, long id) {

    static Entry parse(String line) {
      String[] parts = line.split(",", -1);
      return new Entry(
          Integer.parseInt(parts[0]),
          parts[1],
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]),
          Long.parseLong(parts[5]));
    }
  }
}
