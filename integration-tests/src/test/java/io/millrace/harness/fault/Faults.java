// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The rules of one origin. Whether a rule hits a request is a function of the seed, the rule's
 * place in the order in which rules were added since the last {@link #clear}, the request's object,
 * and how many requests of that object have met the rule before: threads have no say, as long as
 * the requests of each object come in the same order. A repeated request is another one and decided
 * anew.
 *
 * <p>Thread-safe; rules may be added and removed while requests come. Nothing blocks.
 */
public final class Faults {

  private final long seed;

  /** Guarded by this. */
  private final List<ActiveRule> rules = new ArrayList<>();

  /** Rules added since the last {@link #clear}; guarded by this. */
  private int added;

  private volatile long clears;

  Faults(long seed) {
    this.seed = seed;
  }

  /** The seed, for a test's log. */
  public long seed() {
    return seed;
  }

  /** Adds rules after those that are there. */
  public synchronized void add(FaultRule... more) {
    for (FaultRule rule : more) {
      rules.add(new ActiveRule(rule, mix(mix(seed) + ++added)));
    }
  }

  /**
   * Removes the first rule that is equal to one. A request that it has hit keeps its fault.
   *
   * @return whether there was such a rule
   */
  public synchronized boolean remove(FaultRule rule) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).rule.equals(rule)) {
        rules.remove(i);
        return true;
      }
    }
    return false;
  }

  /** Removes all rules, and begins anew as if there had never been one. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // guarded by this, read without
  public synchronized void clear() {
    clears++;
    rules.clear();
    added = 0;
  }

  /** Grows with each {@link #clear}. */
  long clears() {
    return clears;
  }

  /** How many requests met the fault of a rule, of equal rules together. */
  public synchronized long hits(FaultRule rule) {
    return rules.stream().filter(r -> r.rule.equals(rule)).mapToLong(r -> r.hits).sum();
  }

  /** Decides on a request, and counts it. */
  synchronized FaultPlan decide(OriginRequest request) {
    List<Fault> chosen = new ArrayList<>();
    long random = 0;
    boolean settled = false;
    for (ActiveRule active : rules) {
      if (!active.rule.pattern().matches(request)) {
        continue;
      }
      ObjectCount count =
          active.objects.computeIfAbsent(request.object(), object -> new ObjectCount());
      long number = mix(active.seed ^ mix(hash(request.object()) + ++count.requests));
      boolean ends = isOutcome(active.rule.fault());
      // One that comes too late to matter does not use up its limit.
      if (count.hits < active.rule.limit()
          && unit(number) < active.rule.probability()
          && !(ends && settled)) {
        count.hits++;
        active.hits++;
        settled |= ends;
        random ^= number;
        chosen.add(active.rule.fault());
      }
    }
    return FaultPlan.of(chosen, random);
  }

  private static boolean isOutcome(Fault fault) {
    return !(fault instanceof Fault.Delay
        || fault instanceof Fault.Slower
        || fault instanceof Fault.Bandwidth
        || fault instanceof Fault.ShortReads);
  }

  /** Not {@code String.hashCode}, which names that differ in a digit make differ in a digit. */
  private static long hash(String object) {
    CRC32C crc = new CRC32C();
    crc.update(object.getBytes(StandardCharsets.UTF_8));
    return mix(crc.getValue());
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** A number in [0, 1). */
  private static double unit(long random) {
    return (random >>> 11) * 0x1.0p-53;
  }

  private static final class ActiveRule {
    private final FaultRule rule;
    private final long seed;
    private final Map<String, ObjectCount> objects = new HashMap<>();
    private long hits;

    private ActiveRule(FaultRule rule, long seed) {
      this.rule = rule;
      this.seed = seed;
    }
  }

  private static final class ObjectCount {
    private long requests;
    private long hits;
  }
}
