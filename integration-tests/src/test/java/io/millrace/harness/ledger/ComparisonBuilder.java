// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import io.millrace.harness.ledger.Comparison.Findings;
import io.millrace.plan.EpochPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes once through a ledger's entries, then through what is expected. */
final class ComparisonBuilder {

  private final Expected expected;
  private final Map<Integer, Epoch> epochs = new HashMap<>();
  private final Findings missing = new Findings();
  private final Findings doubled = new Findings();
  private final Findings wrong = new Findings();
  private long found;

  /** What was seen of an epoch: how often each sample, and which sample had which number. */
  private static final class Epoch {
    private final Map<Object, Integer> samples = new HashMap<>();
    private final Map<Object, Object> places = new HashMap<>();
    private final Map<Object, Object> positions = new HashMap<>();
    private final Map<Object, Object> shuffleKeys = new HashMap<>();
  }

  ComparisonBuilder(Expected expected) {
    this.expected = expected;
  }

  ComparisonBuilder add(Collection<LedgerEntry> entries) {
    entries.forEach(this::add);
    return this;
  }

  private void add(LedgerEntry entry) {
    found++;
    Object key = expected.keyOf(entry);
    Optional<String> content = expected.samples().get(key);
    if (entry.epoch() < 0 || entry.epoch() >= expected.epochs()) {
      wrong(entry, "no epoch but 0 to " + (expected.epochs() - 1) + " was to be read");
      return;
    }
    if (content == null) {
      wrong(entry, "there is no such sample");
      return;
    }
    if (content.isPresent() && !content.get().equals(entry.content())) {
      wrong(entry, "its content must be " + content.get());
    }
    Epoch epoch = epochs.computeIfAbsent(entry.epoch(), e -> new Epoch());
    epoch.samples.merge(key, 1, Integer::sum);
    checkUnique(entry, "place", epoch.places.putIfAbsent(entry.place(), key));
    checkUnique(entry, "position", epoch.positions.putIfAbsent(entry.epochPosition(), key));
    checkUnique(entry, "shuffle key", epoch.shuffleKeys.putIfAbsent(entry.shuffleKey(), key));
    long rank = EpochPosition.rank(entry.epochPosition());
    long place = EpochPosition.place(entry.epochPosition());
    if (!expected.hasPosition(rank, place)) {
      wrong(entry, "no epoch has a rank " + rank + " with a place " + place);
    }
  }

  /** The same sample twice is doubled; two that share a number are wrong. */
  private void checkUnique(LedgerEntry entry, String what, @Nullable Object other) {
    if (other != null && !other.equals(expected.keyOf(entry))) {
      wrong(entry, "its " + what + " is that of " + other + ", too");
    }
  }

  private void wrong(LedgerEntry entry, String why) {
    wrong.add(entry + ": " + why);
  }

  Comparison build() {
    for (int e = 0; e < expected.epochs(); e++) {
      Epoch epoch = epochs.computeIfAbsent(e, absent -> new Epoch());
      for (Object key : expected.samples().keySet()) {
        int times = epoch.samples.getOrDefault(key, 0);
        if (times == 0) {
          missing.add("epoch " + e + ", " + key);
        } else if (times > 1) {
          doubled.add("epoch " + e + ", " + key + ", " + times + " times");
        }
      }
    }
    return new Comparison(expected.entries(), found, missing, doubled, wrong);
  }
}
