// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** The local file system, counting streams, whose reads a test can make fail or wait. */
final class CountingFileSystem extends LocalFileSystem {

  /** Runs before a read of a stream and says how many bytes of it to read. */
  @FunctionalInterface
  interface Read {
    int before(FSDataInputStream stream, int length) throws IOException;
  }

  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  volatile Read onRead = (stream, length) -> length;

  int open() {
    return opened.get() - closed.get();
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    FSDataInputStream stream = super.open(path);
    opened.incrementAndGet();
    return new CountingStream(stream);
  }

  private final class CountingStream extends FSDataInputStream {

    private final FSDataInputStream stream;

    CountingStream(FSDataInputStream stream) {
      this.stream = stream;
    }

    @Override
    public void seek(long position) throws IOException {
      stream.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public int read() throws IOException {
      return stream.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = onRead.before(stream, length);
      return count < 0 ? count : stream.read(target, offset, count);
    }

    @Override
    public void close() throws IOException {
      closed.incrementAndGet();
      stream.close();
    }
  }
}
