// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import com.sun.management.ThreadMXBean;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.ShardReader;
import io.millrace.format.codec.TestingStreams;
import io.millrace.format.fuzz.FuzzInput;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.sample.SampleMetadata;
import io.millrace.storage.ByteChunks;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a file, by itself or as a dataset of one sample.
 *
 * @param failure null if it could be read
 * @param text the value of a file that was read by itself, as {@link TorchText} writes it
 * @param heap bytes that opening it allocated, without those that its input gave it
 */
record FuzzFileOutcome(@Nullable Throwable failure, String text, long heap) {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final TorchFormat FORMAT = new TorchFormat();

  private static FuzzInput input(FuzzStore store) {
    return new FuzzInput(new DirectShardInput(store, FuzzStore.ROOT));
  }

  /** Opens it, and copies the elements of its tensors. */
  static FuzzFileOutcome ofFile(byte[] stored, boolean compressed) {
    FuzzFileOutcome first = opened(stored, compressed);
    // The first time may have loaded classes.
    FuzzFileOutcome second = opened(stored, compressed);
    return new FuzzFileOutcome(
        first.failure(), first.text(), Math.min(first.heap(), second.heap()));
  }

  private static FuzzFileOutcome opened(byte[] stored, boolean compressed) {
    ByteChunks chunks = TestingStreams.chunks(stored);
    DirectShardInput memory = new DirectShardInput(new FuzzStore(Map.of()), FuzzStore.ROOT);
    FuzzInput input = new FuzzInput(memory);
    Throwable failure = null;
    String text = "";
    Object value = null;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      value =
          TorchFile.open(StoredFile.unchecked(TorchSets.OBJECT, chunks, compressed), input).value();
    } catch (Throwable e) {
      failure = e;
    }
    long heap = THREADS.getCurrentThreadAllocatedBytes() - before - memory.allocated();
    try {
      text = value == null ? "" : TorchText.of(value);
    } catch (Throwable e) {
      failure = e;
    }
    return new FuzzFileOutcome(failure, text, heap);
  }

  /** Finds its fields, opens it as their sample, and reads that. */
  static FuzzFileOutcome ofDataset(byte[] stored, boolean compressed) {
    FuzzStore store = new FuzzStore(Map.of(compressed ? "a.pt.zst" : "a.pt", stored));
    try {
      DatasetManifest manifest = FORMAT.discover(store, FuzzStore.ROOT);
      SampleAssembler assembler = new SampleAssembler(manifest.schema());
      try (ShardReader reader =
          FORMAT.open(manifest.shards().get(0), 0, input(store), manifest.schema())) {
        reader.read(0, assembler);
      }
      return new FuzzFileOutcome(
          null, assembler.build(new SampleMetadata(0, "a.pt", 0, 0, 0)).schema().toString(), 0);
    } catch (Throwable e) {
      return new FuzzFileOutcome(e, "", 0);
    }
  }
}
