// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ByteRange;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.List;

/** Gives memory up to a bound and counts it; has no object to read. */
final class CountingInput implements ShardInput {

  private final long most;
  private long allocated;
  private long reserved;

  CountingInput(long most) {
    this.most = most;
  }

  long allocated() {
    return allocated;
  }

  /** Bytes that were reserved, without a bound. */
  long reserved() {
    return reserved;
  }

  @Override
  public ByteChunks allocate(long length) throws IOException {
    if (length > most - allocated) {
      throw new IOException("Cannot hold " + length + " bytes more in " + most);
    }
    allocated += length;
    return ByteChunks.allocate(length);
  }

  @Override
  public void reserve(long bytes) {
    reserved = Math.addExact(reserved, bytes);
  }

  @Override
  public ObjectLocation location(ShardObject object) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ByteChunks read(ShardObject object, ByteRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean verify(ShardObject object, List<ByteRange> ranges) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean verifiesHashes() {
    throw new UnsupportedOperationException();
  }
}
