// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.IOException;
import org.apache.flink.core.fs.FSDataOutputStream;

/** Counts what is written, and holds it to a speed. */
final class FaultyOutputStream extends FSDataOutputStream {

  private final FaultyOrigin origin;
  private final FaultyCall call;
  private final FSDataOutputStream stream;

  FaultyOutputStream(FaultyOrigin origin, FaultyCall call, FSDataOutputStream stream) {
    this.origin = origin;
    this.call = call;
    this.stream = stream;
  }

  @Override
  public long getPos() throws IOException {
    return stream.getPos();
  }

  @Override
  public void write(int value) throws IOException {
    before(1);
    stream.write(value);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    before(count);
    stream.write(bytes, offset, count);
  }

  private void before(int count) throws IOException {
    call.pace().move(count);
    call.written(count);
  }

  @Override
  public void flush() throws IOException {
    stream.flush();
  }

  @Override
  public void sync() throws IOException {
    stream.sync();
  }

  @Override
  public void close() throws IOException {
    origin.end(call);
    stream.close();
  }
}
