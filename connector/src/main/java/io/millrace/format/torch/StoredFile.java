// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;

/**
 * A file of {@code torch.save} as it lies at the origin.
 *
 * @param object where it lies, for messages
 * @param bytes its content
 * @param compressed whether that is zstd frames around the file
 * @param intact whether its checksums are known to match, and need not be computed
 */
record StoredFile(ObjectLocation object, ByteChunks bytes, boolean compressed, boolean intact) {

  /** A file of which nothing is known. */
  static StoredFile unchecked(ObjectLocation object, ByteChunks bytes, boolean compressed) {
    return new StoredFile(object, bytes, compressed, false);
  }
}
