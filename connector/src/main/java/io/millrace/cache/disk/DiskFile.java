// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One file of the disk tier. Read by any number of threads, written by one. A thread that is
 * interrupted fails alone: the file stays usable for the others. After close everything fails with
 * a {@link java.nio.channels.ClosedChannelException}.
 */
interface DiskFile extends Closeable {

  /**
   * Fills what is left of the buffer.
   *
   * @throws java.io.EOFException if the file ends before
   */
  void read(ByteBuffer target, long position) throws IOException;

  /** Writes what is left of the buffer; what was written of it after a failure is not known. */
  void write(ByteBuffer source, long position) throws IOException;

  long size() throws IOException;

  void truncate(long size) throws IOException;
}
