// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.storage.ByteChunks;

/** Decodes the projected fields of one sample. Used by one thread at a time. */
interface SampleDecoder {

  /**
   * Decodes a sample, one call to the sink a field.
   *
   * @param data the bytes that it lies in
   * @param position its first byte in them
   * @param length its bytes
   * @throws MalformedValueException with an offset from the sample's first byte
   */
  void decode(ByteChunks data, long position, long length, ValueSink sink)
      throws MalformedValueException;
}
