// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.hdfs.HdfsClusterExtension;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStoreContractTest;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.RangeReader;
import io.millrace.storage.StorageSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of stores on a real HDFS, through Flink's file system and the decorators. */
@Tag("it")
@Tag("hdfs")
final class HdfsObjectStoreITCase extends ObjectStoreContractTest {

  @RegisterExtension static final HdfsClusterExtension HDFS = new HdfsClusterExtension();

  private static final AtomicInteger ROOTS = new AtomicInteger();

  private final OriginCounters counters = new OriginCounters();
  private final DecoratedObjectStore store =
      ObjectStores.decorated(new FlinkObjectStore(), StorageSettings.DEFAULTS, counters);

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected ObjectLocation newRoot() throws IOException {
    ObjectLocation root = ObjectLocation.of(HDFS.cluster().uri("/root-" + ROOTS.incrementAndGet()));
    HDFS.cluster().fileSystem().mkdirs(pathOf(root));
    return root;
  }

  @Override
  protected void write(ObjectLocation object, byte[] content) throws IOException {
    try (OutputStream out = HDFS.cluster().fileSystem().create(pathOf(object), true)) {
      out.write(content);
    }
  }

  private static org.apache.hadoop.fs.Path pathOf(ObjectLocation location) throws IOException {
    URI root = URI.create(HDFS.cluster().uri("/"));
    String path = location.uri().substring(root.toString().length() - 1);
    try {
      return new org.apache.hadoop.fs.Path(
          new URI(root.getScheme(), root.getAuthority(), path, null, null));
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  @Test
  void readsOnAfterTheDataNodeWasRestarted() throws IOException {
    ObjectLocation object = newRoot().resolve("object");
    byte[] content = new byte[3 * ByteChunks.CHUNK_SIZE];
    content[0] = 1;
    content[content.length - 1] = 2;
    write(object, content);
    ByteChunks target = ByteChunks.allocate(1);

    try (RangeReader reader = store.open(object)) {
      reader.readFully(0, target);
      assertThat(target.getByte(0)).isEqualTo((byte) 1);

      HDFS.cluster().stopDataNode();
      HDFS.cluster().startDataNode();

      reader.readFully(content.length - 1, target);
      assertThat(target.getByte(0)).isEqualTo((byte) 2);
    }
    assertThat(counters.snapshot().bytes()).isEqualTo(2);
  }

  @Test
  void readsARangeFarBehindTheLast() throws IOException {
    ObjectLocation object = newRoot().resolve("object");
    byte[] content = new byte[4 << 20];
    content[3 << 20] = 7;
    write(object, content);
    ByteChunks target = ByteChunks.allocate(1);

    try (RangeReader reader = store.open(object)) {
      reader.readFully(0, target);
      reader.readFully(3 << 20, target);
      assertThat(target.getByte(0)).isEqualTo((byte) 7);
      reader.readFully(5, target);
      assertThat(target.getByte(0)).isZero();
    }
    assertThat(counters.snapshot().requests().opens()).isEqualTo(1);
  }
}
