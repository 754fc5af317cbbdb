// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Copies every sample out of its shard into an array of its own. */
final class CopyPass implements PassVariant.Pass {

  private final List<byte[]> shards;
  private final List<int[]> offsets;
  private final int sampleBytes;

  /** Where copies go, so that the compiler must make them. */
  private final byte[][] newest = new byte[64][];

  private CopyPass(List<byte[]> shards, List<int[]> offsets, int sampleBytes) {
    this.shards = shards;
    this.offsets = offsets;
    this.sampleBytes = sampleBytes;
  }

  static CopyPass load(BenchmarkDataset dataset) throws IOException {
    List<byte[]> shards = new ArrayList<>();
    List<int[]> offsets = new ArrayList<>();
    for (Path file : dataset.rawShards()) {
      byte[] shard = Files.readAllBytes(file);
      shards.add(shard);
      offsets.add(sampleOffsets(ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN)));
    }
    return new CopyPass(shards, offsets, dataset.shape().sampleBytes());
  }

  /** An MDS shard begins with the number of samples and their offsets; a sample, with its length. */
  private static int[] sampleOffsets(ByteBuffer shard) {
    int[] offsets = new int[shard.getInt()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = shard.getInt() + Integer.BYTES;
    }
    return offsets;
  }

  @Override
  public long run() {
    long bytes = 0;
    int copies = 0;
    for (int i = 0; i < shards.size(); i++) {
      byte[] shard = shards.get(i);
      for (int offset : offsets.get(i)) {
        byte[] copy = new byte[sampleBytes];
        System.arraycopy(shard, offset, copy, 0, sampleBytes);
        newest[copies++ % newest.length] = copy;
        bytes += copy.length;
      }
    }
    return bytes;
  }
}
