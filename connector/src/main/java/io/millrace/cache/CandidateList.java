// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import org.jspecify.annotations.Nullable;

/**
 * Candidates in the order in which they were added, which is that of their use: a list that is
 * linked through its members, so that any of them is removed in O(1). It is gone through round
 * after round; who is added waits for the next one.
 */
final class CandidateList {

  private @Nullable Candidate first;
  private @Nullable Candidate last;

  /** Whose turn it is; null at a round's beginning. */
  private @Nullable Candidate turn;

  void addLast(Candidate candidate) {
    candidate.previous = last;
    if (last == null) {
      first = candidate;
    } else {
      last.next = candidate;
    }
    last = candidate;
  }

  void remove(Candidate candidate) {
    Candidate previous = candidate.previous;
    Candidate next = candidate.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.previous = previous;
    }
    if (turn == candidate) {
      turn = next;
    }
    candidate.previous = null;
    candidate.next = null;
  }

  /** Begins a round. */
  void startOver() {
    turn = null;
  }

  /** The next one of this round, or the first one of another; null if there is none at all. */
  @Nullable Candidate takeTurn() {
    Candidate taken = turn == null ? first : turn;
    turn = taken == null ? null : taken.next;
    return taken;
  }

  /** Whether the round has come to its end. */
  boolean isAtEnd() {
    return turn == null;
  }
}
