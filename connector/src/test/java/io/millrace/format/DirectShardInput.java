// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.hash.ContentHasher;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a shard's objects straight from a store, without a cache. Verifies hashes and that a format
 * keeps to what {@link ShardInput} asks of it.
 */
public final class DirectShardInput implements ShardInput {

  /** A range that was asked for. */
  public record Read(String path, ByteRange range) {}

  private final ObjectStore store;
  private final List<ObjectLocation> roots;
  private final List<Read> reads = new ArrayList<>();
  private final List<Read> verified = new ArrayList<>();
  private boolean verifiesHashes = true;
  private long allocated;
  private long reserved;

  /**
   * @param roots one, or those of an aligned dataset
   */
  public DirectShardInput(ObjectStore store, ObjectLocation... roots) {
    this.store = store;
    this.roots = List.of(roots);
  }

  /** As where hashes are not to be verified. */
  public DirectShardInput withoutVerification() {
    verifiesHashes = false;
    return this;
  }

  /** The ranges that were read, in order. */
  public List<Read> reads() {
    return List.copyOf(reads);
  }

  /** The ranges that {@link #verify} was called with, in order. */
  public List<Read> verified() {
    return List.copyOf(verified);
  }

  /** Bytes that were allocated. */
  public long allocated() {
    return allocated;
  }

  @Override
  public ObjectLocation location(ShardObject object) {
    return roots.get(object.root()).resolve(object.path());
  }

  @Override
  public ByteChunks read(ShardObject object, ByteRange range) throws IOException {
    assertThat(range.length()).isPositive();
    assertThat(range.end()).isLessThanOrEqualTo(object.version().length());
    reads.add(new Read(object.path(), range));
    return fetch(object, range);
  }

  private ByteChunks fetch(ShardObject object, ByteRange range) throws IOException {
    ByteChunks bytes = ByteChunks.allocate(range.length());
    try (RangeReader reader = store.open(location(object))) {
      reader.readFully(range.offset(), bytes);
    }
    return bytes;
  }

  @Override
  public boolean verify(ShardObject object, List<ByteRange> ranges) throws IOException {
    long end = 0;
    for (ByteRange range : ranges) {
      assertThat(range.offset()).isEqualTo(end);
      assertThat(range.length()).isPositive();
      end = range.end();
      verified.add(new Read(object.path(), range));
    }
    assertThat(end).isEqualTo(object.version().length());
    if (!verifiesHashes || object.hash().isEmpty()) {
      return false;
    }
    ContentHash hash = object.hash().get();
    ContentHasher hasher = ContentHasher.of(hash.algorithm());
    for (ByteRange range : ranges) {
      hasher.update(fetch(object, range));
    }
    String found = hasher.hexDigest();
    if (!found.equals(hash.hex())) {
      throw new CorruptObjectException(
          location(object),
          0,
          "its %s is %s; the index says %s".formatted(hash.algorithm(), found, hash.hex()));
    }
    return true;
  }

  @Override
  public boolean verifiesHashes() {
    return verifiesHashes;
  }

  @Override
  public void reserve(long bytes) {
    assertThat(bytes).isNotNegative();
    reserved += bytes;
  }

  /** Bytes that were reserved beyond those allocated. */
  public long reserved() {
    return reserved;
  }

  @Override
  public ByteChunks allocate(long length) {
    allocated += length;
    return ByteChunks.allocate(length);
  }
}
