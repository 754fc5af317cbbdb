// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A pin on an entry of a {@link MemoryExtentCache}. */
final class EntryPin implements PinnedExtent {

  private final CacheEntry entry;
  private final ByteChunks bytes;
  private final Touch touch;
  private final long fetchedNanos;
  private final boolean compresses;
  private final Consumer<CacheEntry> unpin;
  private final AtomicBoolean released = new AtomicBoolean();

  /**
   * Called under the cache's lock.
   *
   * @param compresses whether who gets this pin is to compress the extent first
   * @param unpin ends the pin
   */
  EntryPin(CacheEntry entry, Touch touch, boolean compresses, Consumer<CacheEntry> unpin) {
    this.entry = entry;
    this.bytes = Objects.requireNonNull(entry.memory);
    this.touch = touch;
    this.fetchedNanos = entry.fetchedNanos;
    this.compresses = compresses;
    this.unpin = unpin;
  }

  CacheEntry entry() {
    return entry;
  }

  boolean compresses() {
    return compresses;
  }

  @Override
  public ByteChunks bytes() {
    if (released.get()) {
      throw new IllegalStateException("Cannot use " + entry.extent + ": it was released");
    }
    return bytes;
  }

  @Override
  public Touch touch() {
    return touch;
  }

  @Override
  public long fetchedNanos() {
    return fetchedNanos;
  }

  @Override
  public boolean isIntact() {
    return entry.intact;
  }

  @Override
  public void markIntact() {
    entry.intact = true;
  }

  @Override
  public void close() {
    if (released.compareAndSet(false, true)) {
      unpin.accept(entry);
    }
  }
}
