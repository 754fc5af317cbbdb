// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import java.io.InputStream;

/** A compressed object for decoders that read a stream. Remembers whether they saw its end. */
final class SourceStream extends InputStream {

  private final CompressedSource in;
  private final long end;
  private boolean endSeen;

  /**
   * @param end where the stream ends, in bytes of the object
   */
  SourceStream(CompressedSource in, long end) {
    this.in = in;
    this.end = end;
  }

  /** Whether a read has found nothing more. */
  boolean endSeen() {
    return endSeen;
  }

  @Override
  public int read() {
    if (in.position() < end) {
      return in.read();
    }
    endSeen = true;
    return -1;
  }

  @Override
  public int read(byte[] target, int offset, int count) {
    if (count == 0) {
      return 0;
    }
    int done = in.read(target, offset, (int) Math.min(count, end - in.position()));
    if (done == 0) {
      endSeen = true;
      return -1;
    }
    return done;
  }
}
