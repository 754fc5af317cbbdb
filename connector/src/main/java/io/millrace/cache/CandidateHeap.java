// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A binary heap whose members know their place, so that any of them is removed in O(log n). */
final class CandidateHeap {

  private @Nullable Candidate[] heap = new @Nullable Candidate[64];
  private int size;

  /** The one to go first, or null if there is none. */
  @Nullable Candidate first() {
    return heap[0];
  }

  void add(Candidate candidate) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size + (size >> 1));
    }
    up(size++, candidate);
  }

  void remove(Candidate candidate) {
    int hole = candidate.heapIndex;
    candidate.heapIndex = Candidate.NOWHERE;
    Candidate last = at(--size);
    heap[size] = null;
    if (last == candidate) {
      return;
    }
    if (hole > 0 && last.goesBefore(at((hole - 1) / 2))) {
      up(hole, last);
    } else {
      down(hole, last);
    }
  }

  private void up(int hole, Candidate candidate) {
    int index = hole;
    while (index > 0) {
      int parent = (index - 1) / 2;
      if (!candidate.goesBefore(at(parent))) {
        break;
      }
      put(index, at(parent));
      index = parent;
    }
    put(index, candidate);
  }

  private void down(int hole, Candidate candidate) {
    int index = hole;
    for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && at(child + 1).goesBefore(at(child))) {
        child++;
      }
      if (!at(child).goesBefore(candidate)) {
        break;
      }
      put(index, at(child));
      index = child;
    }
    put(index, candidate);
  }

  private Candidate at(int index) {
    Candidate candidate = heap[index];
    if (candidate == null) {
      throw new AssertionError("Heap of " + size + " has a hole at " + index);
    }
    return candidate;
  }

  private void put(int index, Candidate candidate) {
    heap[index] = candidate;
    candidate.heapIndex = index;
  }
}
