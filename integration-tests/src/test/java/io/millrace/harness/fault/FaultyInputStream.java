// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginOperation;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reading on from where it is belongs to the request before; the first read after a seek, or after
 * a fault, is a new one. May be closed from any thread, which ends a read that waits.
 */
final class FaultyInputStream extends FSDataInputStream {

  private final FaultyOrigin origin;
  private final Path path;
  private final FSDataInputStream stream;
  private final FaultyOrigin.IoCall<Long> length;

  private volatile boolean closed;
  private volatile @Nullable FaultyCall call;
  private Damage damage = Damage.none();

  /** Bytes that this request has brought. */
  private long position;

  /**
   * @param length of the file; asked only where a fault depends on it
   */
  FaultyInputStream(
      FaultyOrigin origin, Path path, FSDataInputStream stream, FaultyOrigin.IoCall<Long> length) {
    this.origin = origin;
    this.path = path;
    this.stream = stream;
    this.length = length;
  }

  @Override
  public void seek(long to) throws IOException {
    if (to != stream.getPos()) {
      end();
    }
    stream.seek(to);
  }

  @Override
  public long getPos() throws IOException {
    return stream.getPos();
  }

  @Override
  public int available() throws IOException {
    return stream.available();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? count : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) {
      return stream.read(target, offset, 0);
    }
    boolean done = false;
    try {
      int read = readSome(target, offset, count);
      done = true;
      return read;
    } finally {
      if (!done) {
        end();
      }
    }
  }

  private int readSome(byte[] target, int offset, int count) throws IOException {
    FaultyCall request = call;
    boolean first = request == null;
    if (request == null) {
      request = begin();
    }
    int most = damage.allowed(position, request.pace().piece(count));
    if (most == 0) {
      throw request.lost(position);
    }
    int read = stream.read(target, offset, most);
    if (first) {
      request.pace().answered();
    }
    if (read > 0) {
      damage.apply(position, target, offset, read);
      position += read;
      request.pace().move(read);
      request.read(read);
    }
    return read;
  }

  private FaultyCall begin() throws IOException {
    FaultyCall request = origin.begin(OriginOperation.GET, path);
    call = request;
    if (closed) {
      // What closed it may not have seen the request.
      request.release();
    }
    position = 0;
    request.before();
    boolean cuts = request.plan().outcome() instanceof Fault.Cut;
    damage = Damage.of(request.plan(), cuts ? length.run() - stream.getPos() : -1);
    return request;
  }

  private void end() {
    FaultyCall last = call;
    call = null;
    if (last != null) {
      origin.end(last);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    FaultyCall last = call;
    if (last != null) {
      last.release();
      origin.end(last);
    }
    stream.close();
  }
}
