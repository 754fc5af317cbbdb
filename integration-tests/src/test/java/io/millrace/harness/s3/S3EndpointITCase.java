// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultProxyExtension;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.harness.meter.OriginSnapshot;
import io.millrace.harness.process.JavaProcess;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.RangeReader;
import io.millrace.storage.StorageSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The server, the proxy before it, Flink's client, and Millrace's store upon it. */
@Tag("it")
@Tag("s3")
class S3EndpointITCase {

  private static final String BUCKET = "data";
  private static final int FILES = 10;
  private static final int LENGTH = 200_000;

  @RegisterExtension
  @Order(1)
  static final S3EndpointExtension S3 = new S3EndpointExtension(BUCKET);

  @RegisterExtension
  @Order(2)
  static final FaultProxyExtension PROXY =
      new FaultProxyExtension(() -> S3.endpoint().proxy().seed(11));

  @RegisterExtension
  @Order(3)
  static final S3PluginExtension PLUGIN =
      new S3PluginExtension(() -> S3.endpoint().behind(PROXY.proxy()));

  @TempDir private java.nio.file.Path directory;

  /** Uploads files of noise under a prefix, in two directories. */
  private String putTree(String prefix) throws IOException {
    Files.createDirectories(directory.resolve("tree/a b"));
    for (int i = 0; i < FILES; i++) {
      Files.write(file(i), noise(i));
    }
    S3.endpoint().put(directory.resolve("tree"), BUCKET, prefix);
    return S3.endpoint().uri(BUCKET, prefix);
  }

  private java.nio.file.Path file(int i) {
    return directory.resolve("tree").resolve(name(i));
  }

  private static String name(int i) {
    return i % 2 == 0 ? "even-" + i : "a b/odd+" + i;
  }

  private static byte[] noise(int i) {
    byte[] noise = new byte[LENGTH];
    new Random(i).nextBytes(noise);
    return noise;
  }

  @Test
  void givesATreeBackThroughFlinksFileSystem() throws IOException {
    Path root = new Path(putTree("tree"));
    FileSystem files = root.getFileSystem();
    OriginSnapshot before = PROXY.proxy().meter().snapshot();

    assertThat(files.listStatus(root))
        .extracting(file -> file.getPath().getName())
        .containsExactlyInAnyOrder("a b", "even-0", "even-2", "even-4", "even-6", "even-8");
    for (int i = 0; i < FILES; i++) {
      Path path = new Path(root, name(i));
      FileStatus status = files.getFileStatus(path);
      assertThat(status.getLen()).isEqualTo(LENGTH);
      try (FSDataInputStream stream = files.open(path)) {
        assertThat(stream.readAllBytes()).isEqualTo(noise(i));
      }
    }

    OriginSnapshot seen = PROXY.proxy().meter().since(before);
    assertThat(seen.of(OriginOperation.GET).total().requests()).isEqualTo(FILES);
    assertThat(seen.of(OriginOperation.GET).total().bytesRead()).isEqualTo((long) FILES * LENGTH);
    assertThat(seen.of(OriginOperation.LIST).objects()).contains("/data/tree/");
    assertThat(seen.of(OriginOperation.GET).objects())
        .contains("/data/tree/even-4", "/data/tree/a%20b/odd%2B5");
  }

  @Test
  void takesWhatFlinkWrites() throws IOException {
    Path path = new Path(S3.endpoint().uri(BUCKET, "written/x"));
    FileSystem files = path.getFileSystem();
    try (FSDataOutputStream out = files.create(path, FileSystem.WriteMode.OVERWRITE)) {
      out.write(noise(1));
    }

    assertThat(files.getFileStatus(path).getLen()).isEqualTo(LENGTH);
    assertThat(
            PROXY
                .proxy()
                .meter()
                .snapshot()
                .of("/data/written/x")
                .of(OriginOperation.PUT)
                .total()
                .bytesWritten())
        .isGreaterThanOrEqualTo(LENGTH);
    S3.endpoint().delete(BUCKET, "written/x");
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> files.getFileStatus(path));
  }

  @Test
  void checksSignatures() {
    S3Access access = S3.endpoint().direct();
    S3Uploads forged =
        new S3Uploads(new S3Access(access.endpoint(), access.accessKey(), "another secret"));

    assertThatIOException()
        .isThrownBy(() -> forged.bucket("other"))
        .withMessageContaining("status 403")
        .withMessageContaining("SignatureDoesNotMatch");
  }

  @Test
  void errorsAreTriedAgainByMillrace() throws IOException {
    ObjectLocation root = ObjectLocation.of(putTree("errors"));
    FaultRule errors =
        FaultRule.on(RequestPattern.any().at("errors"))
            .withProbability(0.05)
            .fault(Fault.status(500));
    FaultRule cuts =
        FaultRule.on(RequestPattern.operation(OriginOperation.GET))
            .withProbability(0.05)
            .fault(Fault.cut(50_000));
    FaultRule throttles =
        FaultRule.on(RequestPattern.operation(OriginOperation.GET))
            .withProbability(0.05)
            .fault(Fault.slowDown(Duration.ofSeconds(1)));
    PROXY.proxy().faults().add(errors, cuts, throttles);
    OriginCounters counters = new OriginCounters();

    for (int round = 0; round < 5; round++) {
      // A new store each time, which has no streams open.
      try (DecoratedObjectStore store =
          ObjectStores.decorated(new FlinkObjectStore(), StorageSettings.DEFAULTS, counters)) {
        List<ObjectStatus> listed = store.list(root);
        assertThat(listed).hasSize(FILES / 2 + 1);
        for (int i = 0; i < FILES; i += 2) {
          ObjectLocation object = ObjectLocation.of(root.uri() + "/" + name(i));
          assertThat(read(store, object)).isEqualTo(noise(i));
        }
      }
    }

    assertThat(PROXY.proxy().faults().hits(errors)).isPositive();
    assertThat(PROXY.proxy().faults().hits(cuts)).isPositive();
    assertThat(PROXY.proxy().faults().hits(throttles)).isPositive();
    assertThat(counters.snapshot().retries()).isPositive();
    assertThat(counters.snapshot().throttled()).isPositive();
  }

  private static byte[] read(DecoratedObjectStore store, ObjectLocation object) throws IOException {
    try (RangeReader reader = store.open(object)) {
      ByteChunks target = ByteChunks.allocate(LENGTH);
      reader.readFully(0, target);
      return target.copy(0, LENGTH);
    }
  }

  @Test
  void permanentErrorsAreNotTriedAgain() throws IOException {
    ObjectLocation root = ObjectLocation.of(putTree("refused"));
    ObjectLocation object = ObjectLocation.of(root.uri() + "/" + name(0));
    OriginCounters counters = new OriginCounters();
    try (DecoratedObjectStore store =
        ObjectStores.decorated(new FlinkObjectStore(), StorageSettings.DEFAULTS, counters)) {
      assertThatExceptionOfType(FileNotFoundException.class)
          .isThrownBy(() -> store.open(ObjectLocation.of(root.uri() + "/none")))
          .withMessageContaining("refused/none");
      PROXY
          .proxy()
          .faults()
          .add(FaultRule.on(RequestPattern.any().at("even-0")).fault(Fault.status(403)));

      assertThatExceptionOfType(AccessDeniedException.class)
          .isThrownBy(() -> read(store, object))
          .withMessageContaining("refused/even-0");
      assertThat(counters.snapshot().retries()).isZero();
    }
  }

  @Test
  void leavesNothingBehind() {
    S3Endpoint second = S3Endpoint.start("other");
    JavaProcess process = second.process();
    java.nio.file.Path left = process.log().getParent();
    assertThat(left).isDirectory();

    second.close();
    second.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(left).doesNotExist();
  }
}
