// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.origin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class DelayedFileSystemTest {

  private static final Duration LATENCY = Duration.ofMillis(10);

  @TempDir java.nio.file.Path directory;

  private final DelayedOrigin origin = DelayedOrigin.open(LATENCY);
  private Path file;
  private FileSystem files;

  @BeforeEach
  void write() throws IOException {
    java.nio.file.Path local = directory.resolve("a file.bin");
    Files.writeString(local, "0123456789", UTF_8);
    file = pathOf(local);
    files = file.getFileSystem();
  }

  @AfterEach
  void close() {
    origin.close();
  }

  /** Not escaped, as the connector's locations are. */
  private Path pathOf(java.nio.file.Path local) {
    return new Path(origin.uri(local));
  }

  @Test
  void countsAndDelaysEachRequest() throws IOException {
    long start = System.nanoTime();
    files.getFileStatus(file);
    files.listStatus(file.getParent());
    try (FSDataInputStream in = files.open(file)) {
      assertThat(in.readAllBytes()).hasSize(10);
    }
    assertThat(origin.counts()).isEqualTo(new DelayedOrigin.Counts(3, 10));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(3 * LATENCY.toNanos());
  }

  @Test
  void countsTheFirstReadAfterASeekElsewhere() throws IOException {
    try (FSDataInputStream in = files.open(file)) {
      assertThat((char) in.read()).isEqualTo('0');
      in.seek(1);
      assertThat((char) in.read()).isEqualTo('1');
      assertThat(origin.counts().requests()).as("a seek to where it is").isEqualTo(1);
      in.seek(5);
      assertThat(origin.counts().requests()).as("a seek alone").isEqualTo(1);
      assertThat(in.readNBytes(3)).isEqualTo("567".getBytes(UTF_8));
      assertThat(in.getPos()).isEqualTo(8);
      assertThat(origin.counts()).isEqualTo(new DelayedOrigin.Counts(2, 5));
    }
  }

  @Test
  void showsFilesUnderTheirOwnPaths() throws IOException {
    FileStatus status = files.getFileStatus(file);
    assertThat(status.getPath()).isEqualTo(file);
    assertThat(status.getLen()).isEqualTo(10);
    assertThat(status.isDir()).isFalse();
    assertThat(files.listStatus(file.getParent()))
        .extracting(FileStatus::getPath)
        .containsExactly(file);
    assertThat(Arrays.asList(files.getFileBlockLocations(status, 0, 10))).hasSize(1);
  }

  @Test
  void failsForAStoreThatIsClosed() {
    DelayedOrigin closed = DelayedOrigin.open(Duration.ZERO);
    closed.close();
    assertThatThrownBy(() -> new Path(closed.uri(directory)).getFileSystem())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot reach the simulated store 'origin-");
  }

  @Test
  void refusesToWrite() {
    assertThatThrownBy(() -> files.delete(file, false))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot delete " + file + ": the simulated store is read-only");
    assertThatThrownBy(() -> files.mkdirs(file)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.rename(file, file)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.create(file, FileSystem.WriteMode.OVERWRITE))
        .isInstanceOf(IOException.class);
  }

  @Test
  void givesUpWhenInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> files.getFileStatus(file))
        .hasMessage("Interrupted while waiting for the simulated store");
    assertThat(Thread.interrupted()).isTrue();
  }
}
