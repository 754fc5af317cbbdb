// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import java.io.Closeable;
import java.io.IOException;

/** Reads the values that some files hold, one after the other. Used by one thread. */
interface TorchFileReader extends Closeable {

  /** The value of a file; parameters and errors are those of {@link TorchFile#open}. */
  Object read(StoredFile file, ShardInput input) throws IOException;

  /** Gives codecs back; the values stay valid. */
  @Override
  void close();
}
