// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import java.util.ArrayList;
import java.util.List;

/** How a ledger differs from what it must hold. Immutable. */
public final class Comparison {

  private final long expected;
  private final long found;
  private final Findings missing;
  private final Findings doubled;
  private final Findings wrong;

  Comparison(long expected, long found, Findings missing, Findings doubled, Findings wrong) {
    this.expected = expected;
    this.found = found;
    this.missing = missing;
    this.doubled = doubled;
    this.wrong = wrong;
  }

  /** Samples of an epoch that no entry tells of. */
  public long missing() {
    return missing.count;
  }

  /** Samples of an epoch that more than one entry tells of. */
  public long doubled() {
    return doubled.count;
  }

  /** Faults of entries: no such sample or epoch, other content, a position that is not its own. */
  public long wrong() {
    return wrong.count;
  }

  /** Whether everything was there once and as it must be. */
  public boolean isExact() {
    return missing.count + doubled.count + wrong.count == 0;
  }

  /**
   * Passes an exact ledger.
   *
   * @throws AssertionError with the text of {@link #toString} for any other
   */
  public void check() {
    if (!isExact()) {
      throw new AssertionError(toString());
    }
  }

  /** Returns counts, and the first few entries that are missing, doubled and wrong. */
  @Override
  public String toString() {
    return "Ledger of "
        + found
        + " entries, "
        + expected
        + " expected: "
        + missing.count
        + " missing, "
        + doubled.count
        + " doubled, "
        + wrong.count
        + " wrong"
        + missing.text("missing")
        + doubled.text("doubled")
        + wrong.text("wrong");
  }

  /** Counts all, keeps the first few. */
  static final class Findings {

    private static final int SHOWN = 8;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String what) {
      if (count++ < SHOWN) {
        first.add(what);
      }
    }

    private String text(String kind) {
      StringBuilder text = new StringBuilder();
      first.forEach(what -> text.append("\n  ").append(kind).append(": ").append(what));
      if (count > first.size()) {
        text.append("\n  ")
            .append(kind)
            .append(": and ")
            .append(count - first.size())
            .append(" more");
      }
      return text.toString();
    }
  }
}
