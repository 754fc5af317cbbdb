// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Decompresses every shard into the same array, with the same context. */
final class DecompressionPass implements PassVariant.Pass {

  private final List<byte[]> shards;
  private final byte[] target;

  private DecompressionPass(List<byte[]> shards, int largest) {
    this.shards = shards;
    this.target = new byte[largest];
  }

  static DecompressionPass load(BenchmarkDataset dataset) throws IOException {
    List<byte[]> shards = new ArrayList<>();
    long largest = 0;
    for (Path shard : dataset.zstdShards()) {
      byte[] compressed = Files.readAllBytes(shard);
      largest = Math.max(largest, Zstd.getFrameContentSize(compressed));
      shards.add(compressed);
    }
    return new DecompressionPass(shards, Math.toIntExact(largest));
  }

  @Override
  public long run() {
    long bytes = 0;
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      for (byte[] shard : shards) {
        bytes += context.decompressByteArray(target, 0, target.length, shard, 0, shard.length);
      }
    }
    return bytes;
  }
}
