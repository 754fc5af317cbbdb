// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ByteRange;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The bytes of a file that is looked at when the dataset is found: straight from the store, for
 * discovery has no cache, and with a bound on what it may inflate to, for there is no budget
 * either.
 */
final class DiscoveryInput implements ShardInput {

  /** Most memory for what one file inflates to. */
  static final long MAX_BYTES = 1L << 30;

  private final ObjectStore store;
  private final ObjectLocation root;
  private long used;

  DiscoveryInput(ObjectStore store, ObjectLocation root) {
    this.store = store;
    this.root = root;
  }

  /** Bytes that were allocated or reserved. */
  long used() {
    return used;
  }

  @Override
  public ObjectLocation location(ShardObject object) {
    return root.resolve(object.path());
  }

  @Override
  public ByteChunks read(ShardObject object, ByteRange range) throws IOException {
    ByteChunks bytes = ByteChunks.allocate(range.length());
    try (RangeReader reader = store.open(location(object), object.version())) {
      reader.readFully(range.offset(), bytes);
    }
    return bytes;
  }

  @Override
  public boolean verify(ShardObject object, List<ByteRange> ranges) {
    return false;
  }

  @Override
  public boolean verifiesHashes() {
    return false;
  }

  @Override
  public ByteChunks allocate(long length) throws IOException {
    reserve(length);
    return ByteChunks.allocate(length);
  }

  @Override
  public void reserve(long bytes) throws IOException {
    used += bytes;
    if (used > MAX_BYTES || used < 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot find the fields of %s: a file takes more than %d bytes when it is inflated",
              root,
              MAX_BYTES));
    }
  }
}
