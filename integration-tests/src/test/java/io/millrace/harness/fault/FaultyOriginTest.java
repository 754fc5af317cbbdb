// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.harness.meter.OriginCounts;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.storage.Await;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The file system with faults, found by Flink as a job would. */
@Tag("unit")
final class FaultyOriginTest {

  private static final byte[] CONTENT = HttpCalls.noise(100_000);

  @TempDir private static java.nio.file.Path directory;

  @RegisterExtension
  static final FaultyOriginExtension ORIGIN =
      new FaultyOriginExtension(() -> FaultyOrigin.file("faulty-origin-test", directory, 3));

  private FaultyOrigin origin;
  private FileSystem files;
  private Path object;

  @BeforeEach
  void setUp() throws IOException {
    origin = ORIGIN.origin();
    files = FileSystem.get(URI.create(origin.uri("/")));
    object = new Path(origin.uri("/d/o"));
    Files.createDirectories(directory.resolve("d"));
    Files.write(directory.resolve("d/o"), CONTENT);
  }

  private void always(OriginOperation operation, Fault fault) {
    origin.faults().add(FaultRule.on(RequestPattern.operation(operation)).fault(fault));
  }

  private byte[] read() throws IOException {
    try (FSDataInputStream stream = files.open(object)) {
      return stream.readAllBytes();
    }
  }

  private OriginCounts counts(OriginOperation operation) {
    return origin.meter().snapshot().of(operation).of("/d/o").total();
  }

  @Test
  void passesEverythingOnAndCounts() throws IOException {
    assertThat(read()).isEqualTo(CONTENT);
    assertThat(files.getFileStatus(object).getLen()).isEqualTo(CONTENT.length);
    assertThat(files.getFileStatus(object).getPath()).isEqualTo(object);
    FileStatus[] listed = files.listStatus(new Path(origin.uri("/d")));
    assertThat(listed).extracting(FileStatus::getPath).containsExactly(object);
    assertThat(files.listStatus(object)[0].getPath()).isEqualTo(object);

    assertThat(counts(OriginOperation.OPEN)).isEqualTo(new OriginCounts(1, 0, 0));
    assertThat(counts(OriginOperation.GET)).isEqualTo(new OriginCounts(1, CONTENT.length, 0));
    assertThat(counts(OriginOperation.HEAD)).isEqualTo(new OriginCounts(2, 0, 0));
    assertThat(origin.meter().snapshot().of(OriginOperation.LIST).objects())
        .containsExactly("/d", "/d/o");
    assertThat(FaultyOrigin.named("faulty-origin-test")).isSameAs(origin);
  }

  @Test
  void countsARequestForEachPlaceThatIsReadFrom() throws IOException {
    try (FSDataInputStream stream = files.open(object)) {
      stream.seek(10);
      assertThat(stream.read()).isEqualTo(CONTENT[10] & 0xff);
      assertThat(stream.read()).isEqualTo(CONTENT[11] & 0xff);
      stream.seek(12);
      assertThat(stream.readNBytes(3)).isEqualTo(Arrays.copyOfRange(CONTENT, 12, 15));
      stream.seek(5);
      assertThat(stream.read()).isEqualTo(CONTENT[5] & 0xff);
    }

    assertThat(counts(OriginOperation.GET)).isEqualTo(new OriginCounts(2, 6, 0));
  }

  @Test
  void writesAndDeletes() throws IOException {
    Path written = new Path(origin.uri("/w"));
    try (FSDataOutputStream stream = files.create(written, FileSystem.WriteMode.OVERWRITE)) {
      stream.write(CONTENT, 0, 10);
    }
    assertThat(directory.resolve("w")).hasSize(10);
    assertThat(files.rename(written, new Path(origin.uri("/v")))).isTrue();
    assertThat(files.delete(new Path(origin.uri("/v")), false)).isTrue();

    assertThat(directory.resolve("v")).doesNotExist();
    assertThat(origin.meter().snapshot().of("/w").of(OriginOperation.PUT).total())
        .isEqualTo(new OriginCounts(1, 0, 10));
  }

  @Test
  void cutsAndThenReadsOnAnew() throws IOException {
    origin
        .faults()
        .add(
            FaultRule.on(RequestPattern.operation(OriginOperation.GET))
                .limit(1)
                .fault(Fault.cut(1000)));
    try (FSDataInputStream stream = files.open(object)) {
      byte[] target = new byte[CONTENT.length];
      assertThat(stream.read(target, 0, target.length)).isEqualTo(1000);
      assertThatIOException()
          .isThrownBy(() -> stream.read(target, 1000, 1))
          .withMessage("Injected fault at GET /d/o: connection lost after 1000 bytes");

      assertThat(stream.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(CONTENT, 1000, CONTENT.length));
    }
    assertThat(origin.meter().snapshot().faulted().total().bytesRead()).isEqualTo(1000);
  }

  @Test
  void cutsAFileThatIsShorter() {
    always(OriginOperation.GET, Fault.cut(1L << 40));

    assertThatIOException()
        .isThrownBy(this::read)
        .withMessageEndingWith("connection lost after 99999 bytes");
  }

  @Test
  void corruptsAndShortens() throws IOException {
    always(OriginOperation.GET, Fault.corrupt(2));
    always(OriginOperation.GET, Fault.shortReads(7));
    byte[] read = read();

    int differences = 0;
    for (int i = 0; i < read.length; i++) {
      differences += read[i] == CONTENT[i] ? 0 : 1;
    }
    assertThat(read).hasSameSizeAs(CONTENT);
    assertThat(differences).isEqualTo(2);
    try (FSDataInputStream stream = files.open(object)) {
      assertThat(stream.read(new byte[100], 0, 100)).isEqualTo(7);
    }
  }

  @Test
  void delaysAndLimitsTheSpeed() throws IOException {
    always(OriginOperation.HEAD, Fault.delay(Duration.ofMillis(20)));
    always(OriginOperation.HEAD, Fault.slower(5));
    always(OriginOperation.GET, Fault.bandwidth(500_000));

    long begin = System.nanoTime();
    files.getFileStatus(object);
    long looked = System.nanoTime();
    assertThat(read()).isEqualTo(CONTENT);

    assertThat(looked - begin).isGreaterThan(100_000_000L);
    assertThat(System.nanoTime() - looked).isGreaterThan(190_000_000L);
  }

  @Test
  void failsAsTheRealOnesDo() {
    always(OriginOperation.OPEN, Fault.status(403));
    always(OriginOperation.HEAD, Fault.status(404));
    always(OriginOperation.LIST, Fault.slowDown(Duration.ZERO));
    always(OriginOperation.DELETE, Fault.refuse());

    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(this::read)
        .withMessageContaining("Injected fault at OPEN /d/o: status code: 403 AccessDenied");
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> files.getFileStatus(object));
    assertThatIOException()
        .isThrownBy(() -> files.listStatus(object))
        .withMessage("Injected fault at LIST /d/o: status code: 503 SlowDown");
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> files.delete(object, false));
    assertThat(directory.resolve("d/o")).exists();
  }

  @Test
  void hangsUntilResetOrClosed() throws IOException {
    always(OriginOperation.GET, Fault.hang());
    FSDataInputStream stream = files.open(object);
    CompletableFuture<byte[]> first = readAll(stream);
    CompletableFuture<byte[]> second = readAll(files.open(object));
    Await.until("both hang", () -> counts(OriginOperation.GET).requests() == 2);
    assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);

    stream.close();
    Await.until("the closed one ends", first::isCompletedExceptionally);
    assertThat(second).isNotDone();
    origin.reset();

    Await.until("the other one ends", second::isCompletedExceptionally);
    assertThat(read()).isEqualTo(CONTENT);
  }

  private static CompletableFuture<byte[]> readAll(FSDataInputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task, "hangs").start());
  }

  @Test
  void namesAreTakenOnce(@TempDir java.nio.file.Path other) throws IOException {
    assertThatIllegalStateException()
        .isThrownBy(() -> FaultyOrigin.file("faulty-origin-test", other, 1))
        .withMessage("Cannot open faulty-file://faulty-origin-test/: it is open");
    Files.write(other.resolve("x y%20z"), new byte[3]);
    try (FaultyOrigin second = FaultyOrigin.file("second", other, 1)) {
      Path root = new Path(second.uri("/"));
      FileStatus listed = root.getFileSystem().listStatus(root)[0];
      assertThat(listed.getPath().getPath()).isEqualTo("/x y%20z");
      assertThat(root.getFileSystem().getFileStatus(listed.getPath()).getLen()).isEqualTo(3);
    }
    assertThatIOException()
        .isThrownBy(() -> FaultyOrigin.named("second"))
        .withMessageStartingWith("Cannot find the faulty origin 'second': open are [");
  }
}
