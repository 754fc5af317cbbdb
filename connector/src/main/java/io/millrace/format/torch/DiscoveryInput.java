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
 * discovery has no cache, and with a bound on what the file takes, as it is stored and inflated,
 * for there is no budget either.
 */
final class DiscoveryInput implements ShardInput {

  private static final long LARGEST_BOUND = 1L << 30;

  private final ObjectStore store;
  private final ObjectLocation root;
  private final String path;
  private final long most;
  private long used;

  /**
   * @param path of the file, which alone is read
   */
  DiscoveryInput(ObjectStore store, ObjectLocation root, String path) {
    this(store, root, path, Math.min(LARGEST_BOUND, Runtime.getRuntime().maxMemory() / 4));
  }

  /**
   * @param most bytes that the file may take
   */
  DiscoveryInput(ObjectStore store, ObjectLocation root, String path, long most) {
    this.store = store;
    this.root = root;
    this.path = path;
    this.most = most;
  }

  /** Bytes that were read, allocated or reserved. */
  long used() {
    return used;
  }

  @Override
  public ObjectLocation location(ShardObject object) {
    return root.resolve(object.path());
  }

  @Override
  public ByteChunks read(ShardObject object, ByteRange range) throws IOException {
    ByteChunks bytes = allocate(range.length());
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
    if (bytes > most - used) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot find the fields of %s: %s takes more than %d bytes, stored and inflated; a sample that is looked at may take a quarter of the heap, and at most %d bytes. Give the JVM that finds the dataset (-Xmx) more heap, or split the sample",
              root,
              path,
              most,
              LARGEST_BOUND));
    }
    used += bytes;
  }
}
