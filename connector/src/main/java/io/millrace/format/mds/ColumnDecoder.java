// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.storage.ByteChunks;

/** Decodes the stored bytes of one column's values. Stateless and thread-safe. */
@FunctionalInterface
interface ColumnDecoder {

  /**
   * Decodes one value and hands it to the sink, by one call.
   *
   * @param data the bytes that it lies in
   * @param position its first byte in them
   * @param length its bytes; all of them lie in the data
   * @param field the sink's number of the field
   */
  void decode(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException;
}
