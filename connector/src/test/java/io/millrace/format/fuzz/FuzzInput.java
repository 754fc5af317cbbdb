// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.fuzz;

import io.millrace.format.ByteRange;
import io.millrace.format.DirectShardInput;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.List;

/** Reads straight from a store and has little working memory, as a small TaskManager. */
public record FuzzInput(DirectShardInput input) implements ShardInput {

  /** Bytes that may be asked for in all. */
  public static final long MEMORY = 32 << 20;

  /** More memory was asked for than there can be; documented in {@link ShardInput#allocate}. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException(long length) {
      super("Cannot hold " + length + " bytes more in a working memory of " + MEMORY);
    }
  }

  @Override
  public ObjectLocation location(ShardObject object) {
    return input.location(object);
  }

  @Override
  public ByteChunks read(ShardObject object, ByteRange range) throws IOException {
    return input.read(object, range);
  }

  @Override
  public boolean verify(ShardObject object, List<ByteRange> ranges) throws IOException {
    return input.verify(object, ranges);
  }

  @Override
  public boolean verifiesHashes() {
    return input.verifiesHashes();
  }

  @Override
  public void reserve(long bytes) throws IOException {
    check(bytes);
    input.reserve(bytes);
  }

  @Override
  public ByteChunks allocate(long length) throws IOException {
    check(length);
    return input.allocate(length);
  }

  private void check(long bytes) throws TooLargeException {
    if (bytes > MEMORY - input.allocated() - input.reserved()) {
      throw new TooLargeException(bytes);
    }
  }
}
