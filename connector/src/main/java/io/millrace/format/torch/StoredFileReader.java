// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.format.codec.ZstdDecompressor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads files of {@code torch.save}, with one decompressor for all that are compressed. */
final class StoredFileReader implements TorchFileReader {

  private @Nullable ZstdDecompressor decompressor;

  @Override
  public Object read(StoredFile file, ShardInput input) throws IOException {
    if (!file.compressed()) {
      return TorchFile.open(file, input).value();
    }
    if (decompressor == null) {
      decompressor = new ZstdDecompressor();
    }
    return TorchFile.openCompressed(file, decompressor, input).value();
  }

  @Override
  public void close() {
    if (decompressor != null) {
      decompressor.close();
    }
  }
}
