// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.format.codec.ZstdDecompressor;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads files of {@code torch.save}, with one decompressor for all that are compressed. */
final class StoredFileReader implements TorchFileReader {

  private @Nullable ZstdDecompressor decompressor;

  @Override
  public Object read(ObjectLocation object, ByteChunks stored, boolean compressed, ShardInput input)
      throws IOException {
    if (!compressed) {
      return TorchFile.open(object, stored, false, input).value();
    }
    if (decompressor == null) {
      decompressor = new ZstdDecompressor();
    }
    return TorchFile.openCompressed(object, stored, decompressor, input).value();
  }

  @Override
  public void close() {
    if (decompressor != null) {
      decompressor.close();
    }
  }
}
