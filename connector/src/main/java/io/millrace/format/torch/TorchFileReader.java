// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;

/** Reads the value that a file holds; {@link TorchFile#open} but for tests. */
@FunctionalInterface
interface TorchFileReader {

  /** The value of a file; the parameters are those of {@link TorchFile#open}. */
  Object read(ObjectLocation object, ByteChunks stored, boolean compressed, ShardInput input)
      throws IOException;
}
