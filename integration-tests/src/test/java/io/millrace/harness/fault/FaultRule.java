// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

/**
 * Requests and what happens to them: {@code
 * FaultRule.on(RequestPattern.operation(GET)).withProbability(0.05).fault(Fault.status(500))}.
 *
 * @param pattern which requests it is for
 * @param probability of each of them, 0 to 1
 * @param limit how many requests of each object it happens to at most
 * @param fault what happens
 */
public record FaultRule(RequestPattern pattern, double probability, long limit, Fault fault) {

  public FaultRule {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "Cannot use probability " + probability + ": must be 0 to 1");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("Cannot use limit " + limit + ": must be at least 1");
    }
  }

  /** Begins a rule for these requests: all of them, without a limit, unless more is said. */
  public static Builder on(RequestPattern pattern) {
    return new Builder(pattern, 1, Long.MAX_VALUE);
  }

  /** A rule that lacks its fault; immutable. */
  public static final class Builder {

    private final RequestPattern pattern;
    private final double probability;
    private final long limit;

    private Builder(RequestPattern pattern, double probability, long limit) {
      this.pattern = pattern;
      this.probability = probability;
      this.limit = limit;
    }

    /** Only a share of the requests, chosen by the seed. */
    public Builder withProbability(double share) {
      return new Builder(pattern, share, limit);
    }

    /**
     * At most so many requests of each object. Not of all objects together: which of them come
     * first is up to threads, and would not be the same again.
     */
    public Builder limit(long perObject) {
      return new Builder(pattern, probability, perObject);
    }

    /**
     * The rule.
     *
     * @throws IllegalArgumentException if the probability is not within 0 and 1, or the limit below
     *     1
     */
    public FaultRule fault(Fault fault) {
      return new FaultRule(pattern, probability, limit, fault);
    }
  }
}
