// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.format.codec.ZstdDecompressor;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;

/**
 * What one file of {@code torch.save} holds.
 *
 * <p>The value is made of what {@code PickleMachine} documents, {@link TensorValue}, {@link
 * NumpyScalar} and {@link TorchConstant}. {@code torch.Size} is a tuple, a parameter its tensor, a
 * storage a tensor of one dimension. Lists and dicts may be shared and may contain themselves.
 *
 * <p>A sparse tensor is a dict of "layout", "size", "values" and the indices ("indices", or
 * "crow_indices" and "col_indices", or "ccol_indices" and "row_indices"). A quantised one is a dict
 * of "qscheme", "dtype", "values" (the integers as they are stored) and either "scale" and
 * "zero_point", or "scales", "zero_points" and "axis".
 *
 * @param value what was saved
 */
record TorchFile(Object value) {

  /**
   * Reads and checks a file: its layout, the checksums and lengths of its storages, its pickle. The
   * tensors stay views of its bytes, or of what was inflated.
   *
   * @param input gives memory for what has to be inflated
   * @throws CorruptObjectException if it is damaged or not such a file, names what is not on the
   *     closed list, or goes beyond a bound
   */
  static TorchFile open(StoredFile file, ShardInput input) throws IOException {
    if (!file.compressed()) {
      return read(new FileBytes(file.object(), file.bytes(), false, file.intact()), input);
    }
    try (ZstdDecompressor decompressor = new ZstdDecompressor()) {
      return openCompressed(file, decompressor, input);
    }
  }

  /**
   * Reads and checks a compressed file, as {@link #open}, with a decompressor that serves many: a
   * new one for each costs more than a small file.
   */
  static TorchFile openCompressed(StoredFile file, ZstdDecompressor decompressor, ShardInput input)
      throws IOException {
    if (file.bytes().length() == 0) {
      throw new CorruptObjectException(file.object(), 0, "the file is empty");
    }
    ByteChunks inflated = decompressor.inflate(file.object(), file.bytes(), input::allocate);
    return read(new FileBytes(file.object(), inflated, true, file.intact()), input);
  }

  private static TorchFile read(FileBytes file, ShardInput input) throws IOException {
    Object value =
        ZipArchive.recognises(file) ? ZipLayout.read(file, input) : LegacyLayout.read(file);
    return new TorchFile(value);
  }
}
