// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * Reads ranges of one open object. Used by one thread at a time, but {@link #close} may come from
 * any thread and more than once: it makes a read in progress fail soon. Reads after it fail.
 */
public interface RangeReader extends Closeable {

  ObjectLocation location();

  /**
   * Fills the whole target with the object's bytes from a position on: one request to the store.
   * After a failure the target's content is undefined and the call may be repeated. Nothing writes
   * to the target once the call has ended, however it ended. The target may have other arrays then
   * than before, so nobody keeps those.
   *
   * @param position offset in the object, in bytes
   * @throws IllegalArgumentException if it is negative
   * @throws CorruptObjectException if the object ends before the target is full
   */
  void readFully(long position, ByteChunks target) throws IOException;
}
