// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.util.AbstractList;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;

/**
 * An immutable list of a dataset's shards that makes each anew whenever it is asked for, so that
 * millions take little memory: keep one if you need it twice. Walking the list is fast; a single
 * look-up may cost as much as many steps.
 */
public abstract class ShardList extends AbstractList<Shard> {

  /**
   * Walks the list from a shard on.
   *
   * @throws IndexOutOfBoundsException if there is no such shard
   */
  public abstract Iterator<Shard> iteratorFrom(int index);

  @Override
  public Shard get(int index) {
    return iteratorFrom(Objects.checkIndex(index, size())).next();
  }

  @Override
  public Iterator<Shard> iterator() {
    return isEmpty() ? Collections.emptyIterator() : iteratorFrom(0);
  }

  @Override
  public Spliterator<Shard> spliterator() {
    return Spliterators.spliterator(
        iterator(), size(), Spliterator.ORDERED | Spliterator.IMMUTABLE | Spliterator.NONNULL);
  }

  /** Samples of all shards. */
  public long samples() {
    return stream().mapToLong(Shard::samples).sum();
  }

  /** Bytes at the origin; an object that several shards need counts once. */
  public long storedBytes() {
    return stream().mapToLong(Shard::storedBytes).sum();
  }
}
