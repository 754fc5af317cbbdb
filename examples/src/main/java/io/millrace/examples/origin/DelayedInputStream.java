// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.origin;

import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;

/** Reading on from where it is costs nothing more; the first read after a seek is a request. */
final class DelayedInputStream extends FSDataInputStream {

  private final DelayedOrigin origin;
  private final FSDataInputStream stream;
  private boolean sought;

  DelayedInputStream(DelayedOrigin origin, FSDataInputStream stream) {
    this.origin = origin;
    this.stream = stream;
  }

  @Override
  public void seek(long position) throws IOException {
    sought |= position != stream.getPos();
    stream.seek(position);
  }

  @Override
  public long getPos() throws IOException {
    return stream.getPos();
  }

  @Override
  public int read() throws IOException {
    beforeRead();
    int value = stream.read();
    if (value >= 0) {
      origin.sent(1);
    }
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    beforeRead();
    int count = stream.read(target, offset, length);
    if (count > 0) {
      origin.sent(count);
    }
    return count;
  }

  private void beforeRead() throws IOException {
    if (sought) {
      sought = false;
      origin.request();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
