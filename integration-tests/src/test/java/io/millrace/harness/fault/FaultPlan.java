// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one request.
 *
 * @param delay before it
 * @param slower factor of the time to its first byte
 * @param bytesPerSecond speed of its bodies; {@link Long#MAX_VALUE} for no limit
 * @param pieces most bytes in one piece of a body
 * @param outcome what else happens to it, null for nothing
 * @param random the request's own random number, for what a fault leaves open
 */
record FaultPlan(
    Duration delay,
    double slower,
    long bytesPerSecond,
    int pieces,
    @Nullable Fault outcome,
    long random) {

  static final FaultPlan NONE =
      new FaultPlan(Duration.ZERO, 1, Long.MAX_VALUE, Integer.MAX_VALUE, null, 0);

  static FaultPlan of(List<Fault> chosen, long random) {
    FaultPlan plan = NONE;
    for (Fault fault : chosen) {
      plan = plan.with(fault, random);
    }
    return plan;
  }

  private FaultPlan with(Fault fault, long number) {
    if (fault instanceof Fault.Delay more) {
      return new FaultPlan(
          delay.plus(more.duration()), slower, bytesPerSecond, pieces, outcome, number);
    }
    if (fault instanceof Fault.Slower more) {
      return new FaultPlan(delay, slower * more.factor(), bytesPerSecond, pieces, outcome, number);
    }
    if (fault instanceof Fault.Bandwidth limit) {
      long speed = Math.min(bytesPerSecond, limit.bytesPerSecond());
      return new FaultPlan(delay, slower, speed, pieces, outcome, number);
    }
    if (fault instanceof Fault.ShortReads reads) {
      int most = Math.min(pieces, reads.most());
      return new FaultPlan(delay, slower, bytesPerSecond, most, outcome, number);
    }
    Fault first = outcome == null ? fault : outcome;
    return new FaultPlan(delay, slower, bytesPerSecond, pieces, first, number);
  }

  boolean isFaulted() {
    return !equals(NONE);
  }
}
