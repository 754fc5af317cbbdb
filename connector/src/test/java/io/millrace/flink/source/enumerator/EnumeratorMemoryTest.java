// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.MillraceSplitSerializer;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.torch.TorchFormat;
import io.millrace.format.torch.TorchWriter;
import io.millrace.plan.EpochProgress;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a dataset of a million files takes where it is enumerated. */
@Isolated("measures the heap")
@Tag("unit")
class EnumeratorMemoryTest {

  private static final int DIRECTORIES = 1_000;
  private static final int FILES_EACH = 1_000;
  private static final int BYTES_PER_FILE = 64;

  @Test
  void aMillionFilesTakeLessThan64BytesEach() throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    context.registerReader(0, "host");
    ManyFiles store = new ManyFiles();
    long before = usedHeap();

    MillraceEnumerator enumerator =
        new MillraceEnumerator(
            context,
            () -> new TorchFormat().discover(store, ManyFiles.ROOT),
            new EpochSettings(2, true, 7),
            new MillraceEnumeratorState(
                new ScanFingerprint("torch", true, 7, 1),
                Optional.empty(),
                EpochProgress.start(0).snapshot(),
                List.of()));
    enumerator.start();
    context.triggerAllActions();
    long used = usedHeap() - before;

    assertThat(used).isLessThan((long) DIRECTORIES * FILES_EACH * BYTES_PER_FILE);
    assertThat(store.lists).as("each directory is listed once").isEqualTo(DIRECTORIES + 1);
    enumerator.handleSourceEvent(
        0, new SplitRequestEvent("cache", 1, 0, 3, SplitRequestEvent.HOLDS_NONE));
    List<MillraceSplit> splits = context.getSplitAssignments().get(0).getAssignedSplits();
    assertThat(splits).hasSize(3);
    assertThat(splits.get(0).shard().samples()).isBetween(40L, 45L);
    assertThat(new MillraceSplitSerializer().serialize(splits.get(0)).length).isLessThan(2048);
    enumerator.handleSourceEvent(
        0, new SplitRequestEvent("cache", 1, 3, 5_000, SplitRequestEvent.HOLDS_NONE));
    long objects =
        splits.subList(3, splits.size()).stream().mapToLong(s -> s.shard().samples()).sum();
    assertThat(objects).as("an answer is bounded").isBetween(16_384L, 16_384L + 45);
    enumerator.close();
  }

  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** A store of a thousand directories with a thousand files of 100 KB each. */
  private static final class ManyFiles implements ObjectStore {

    private static final ObjectLocation ROOT = ObjectLocation.of("s3://bucket/train");
    private static final ObjectVersion DIRECTORY = new ObjectVersion(0, 0, "");

    private final byte[] content = content();
    private int lists;

    private static byte[] content() {
      try {
        byte[] file = TorchWriter.toBytes(Map.of("index", 1L));
        byte[] padding = new byte[100_000 - file.length];
        return TorchWriter.toBytes(
            Map.of("index", 1L, "padding", "x".repeat(padding.length - 100)));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public synchronized List<ObjectStatus> list(ObjectLocation directory) {
      lists++;
      boolean root = directory.equals(ROOT);
      List<ObjectStatus> children = new ArrayList<>();
      for (int i = 0; i < (root ? DIRECTORIES : FILES_EACH); i++) {
        String name =
            root
                ? String.format(Locale.ROOT, "part-%04d", i)
                : String.format(Locale.ROOT, "latent_%06d.pt", i);
        children.add(
            new ObjectStatus(directory.resolve(name), root ? DIRECTORY : version(i), root));
      }
      return children;
    }

    private ObjectVersion version(int file) {
      return new ObjectVersion(content.length, 1_700_000_000_000L + 977L * file, "");
    }

    @Override
    public ObjectStatus status(ObjectLocation object) throws IOException {
      throw new FileNotFoundException(object.toString());
    }

    @Override
    public RangeReader open(ObjectLocation object) {
      return new RangeReader() {
        @Override
        public ObjectLocation location() {
          return object;
        }

        @Override
        public void readFully(long position, ByteChunks target) {
          int from = Math.toIntExact(position);
          for (byte[] chunk : target.chunks()) {
            int count = (int) Math.min(chunk.length, position + target.length() - from);
            System.arraycopy(content, from, chunk, 0, count);
            from += count;
          }
        }

        @Override
        public void close() {}
      };
    }
  }
}
