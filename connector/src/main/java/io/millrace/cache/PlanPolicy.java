// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what live jobs will read most often.
 *
 * <p>An extent's value is the sum of {@link AccessPlan#readsPerEpoch} over the live plans. That is
 * a value per byte: each read of an extent spares the origin as many bytes as keeping it takes.
 * First to go is what no live job will read, oldest use first; then the lowest value; among equals
 * the highest of a fixed hash of the extent. So the set that stays is the same in every epoch and
 * spread evenly over it, and a newcomer from outside that set is turned away instead of driving out
 * one of its members. Without plans every value is 0 and this is LRU.
 *
 * <p>A plan's reads of an extent count only as long as it is used: {@link LivePlan} says until
 * when.
 *
 * <p>Values change when plans come and go, when their epochs begin, and when a plan changes its
 * mind. They are read again a few at a time, oldest use first, so that what is not used any more is
 * found before it is looked for: {@value #STALE_READS} with each operation while some date from
 * before the last change of plans or epochs, else one. The extent that is about to be chosen is
 * always up to date, unless {@value #STALE_READS} readings in a row moved others to the front.
 * Every operation is O(log n).
 */
final class PlanPolicy implements CachePolicy {

  static final String NAME = "plan";

  private static final Logger LOG = LoggerFactory.getLogger(PlanPolicy.class);
  private static final int STALE_READS = 16;

  private final Map<Extent, Candidate> candidates = new HashMap<>();
  private final CandidateHeap firstToGo = new CandidateHeap();
  private final CandidateList byUse = new CandidateList();

  private List<LivePlan> plans = List.of();
  private long planVersion;

  /** Whether some values may date from before the last version. */
  private boolean outdated;

  private long uses;
  private boolean warned;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void onPlans(List<AccessPlan> live) {
    IdentityHashMap<AccessPlan, LivePlan> before = new IdentityHashMap<>();
    plans.forEach(known -> before.put(known.plan, known));
    plans = live.stream().map(plan -> before.computeIfAbsent(plan, LivePlan::new)).toList();
    warned = false;
    beginVersion();
  }

  private void beginVersion() {
    planVersion++;
    outdated = true;
    byUse.startOver();
  }

  /** Before anything is used that may be of the epoch. */
  private void noticeEpochs() {
    boolean begun = false;
    for (LivePlan plan : plans) {
      begun |= plan.noticesEpoch(uses);
    }
    if (begun) {
      beginVersion();
    }
  }

  /**
   * By the hash, whose highest values go first: while a cache fills with more than it holds, the
   * greatest hash that stays falls from 1 to the share that fits. Four groups for each halving of
   * the hash, so that there are several on both sides of it whatever that share is.
   */
  @Override
  public int lifetime(Extent extent) {
    return Candidate.lifetimeOf(extent);
  }

  @Override
  public void onUnpinned(Extent extent) {
    noticeEpochs();
    remove(extent);
    Candidate candidate = candidate(extent);
    candidates.put(extent, candidate);
    firstToGo.add(candidate);
    byUse.addLast(candidate);
    readAgain();
  }

  @Override
  public void onPinnedOrRemoved(Extent extent) {
    remove(extent);
  }

  @Override
  public @Nullable Extent victim(@Nullable Extent newcomer) {
    noticeEpochs();
    readAgain();
    Candidate first = firstToGo.first();
    for (int i = 0; i < STALE_READS && first != null && first.planVersion != planVersion; i++) {
      readAgain(first);
      first = firstToGo.first();
    }
    if (first == null) {
      return null;
    }
    return newcomer != null && candidate(newcomer).goesBefore(first) ? null : first.extent;
  }

  private Candidate candidate(Extent extent) {
    long use = ++uses;
    return new Candidate(extent, valueOf(extent, use), use, planVersion);
  }

  private void remove(Extent extent) {
    Candidate candidate = candidates.remove(extent);
    if (candidate != null) {
      firstToGo.remove(candidate);
      byUse.remove(candidate);
    }
  }

  private void readAgain() {
    int reads = outdated ? STALE_READS : 1;
    for (int i = 0; i < reads; i++) {
      Candidate candidate = byUse.takeTurn();
      if (candidate != null) {
        readAgain(candidate);
      }
      if (byUse.isAtEnd()) {
        outdated = false;
        return;
      }
    }
  }

  private void readAgain(Candidate candidate) {
    candidate.planVersion = planVersion;
    double value = valueOf(candidate.extent, candidate.use);
    if (value != candidate.value) {
      firstToGo.remove(candidate);
      candidate.value = value;
      firstToGo.add(candidate);
    }
  }

  private double valueOf(Extent extent, long use) {
    double value = 0;
    for (LivePlan live : plans) {
      double reads = live.forgets(use) ? 0 : readsPerEpoch(live.plan, extent);
      value += reads > 0 ? reads : 0; // which NaN is not
    }
    return value;
  }

  /** A job's broken plan must not break the cache that other jobs share. */
  private double readsPerEpoch(AccessPlan plan, Extent extent) {
    try {
      return plan.readsPerEpoch(extent);
    } catch (RuntimeException e) {
      if (!warned) {
        warned = true;
        LOG.warn("Cannot ask a plan how often {} will be read; taken as never", extent, e);
      }
      return 0;
    }
  }
}
