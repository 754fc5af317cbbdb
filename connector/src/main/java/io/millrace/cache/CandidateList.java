// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import org.jspecify.annotations.Nullable;

/** A list that is linked through its members, so that any of them is removed in O(1). */
final class CandidateList {

  private @Nullable Candidate first;
  private @Nullable Candidate last;

  @Nullable Candidate first() {
    return first;
  }

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
    candidate.previous = null;
    candidate.next = null;
  }
}
