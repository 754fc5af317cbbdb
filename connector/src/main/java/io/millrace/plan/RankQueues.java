// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/**
 * The unassigned ranks of one order by owner, in rank order. Each rank's owner is looked up once,
 * when somebody asks for more than was looked up; so the owner of each of an epoch's ranks costs as
 * much with a hundred caches as with one. It holds no more than the ranks that may be assigned at a
 * time.
 */
final class RankQueues {

  private final int order;
  private final IntUnaryOperator ownerOfShard;
  private final Queue[] queues;

  /** All ranks below it that were unassigned are in the queues. */
  private long lookedUp;

  RankQueues(int order, int owners, IntUnaryOperator ownerOfShard) {
    this.order = order;
    this.ownerOfShard = ownerOfShard;
    this.queues = new Queue[owners];
    Arrays.setAll(queues, i -> new Queue());
  }

  int order() {
    return order;
  }

  /** The lowest rank of an owner that is unassigned now. */
  OptionalLong next(int owner, Ownership.UnassignedRanks unassigned) {
    Queue queue = queues[owner];
    for (; !queue.isEmpty(); queue.removeFirst()) {
      OptionalLong next = unassigned.nextFrom(queue.first());
      if (next.isPresent() && next.getAsLong() == queue.first()) {
        return next;
      }
    }
    while (queue.isEmpty()) {
      OptionalLong next = unassigned.nextFrom(lookedUp);
      if (next.isEmpty()) {
        return next;
      }
      lookedUp = next.getAsLong() + 1;
      queues[ownerOfShard.applyAsInt(unassigned.shardOf(next.getAsLong()))].add(next.getAsLong());
    }
    return OptionalLong.of(queue.first());
  }

  /** A ring of numbers that grows. */
  private static final class Queue {
    private long[] ring = new long[16];
    private int head;
    private int size;

    boolean isEmpty() {
      return size == 0;
    }

    long first() {
      return ring[head];
    }

    void removeFirst() {
      head = (head + 1) % ring.length;
      size--;
    }

    void add(long value) {
      if (size == ring.length) {
        long[] larger = new long[2 * size];
        System.arraycopy(ring, head, larger, 0, size - head);
        System.arraycopy(ring, 0, larger, size - head, head);
        ring = larger;
        head = 0;
      }
      ring[(head + size) % ring.length] = value;
      size++;
    }
  }
}
