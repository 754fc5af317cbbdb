// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader and its tasks in simulated time: does the number of requests hide the latency? */
@Tag("unit")
final class RequestControllerSimulationTest {

  private static final long MILLI = 1_000_000;
  private static final int RESULTS = 4000;
  private static final int CEILING = 64;

  /**
   * Where the budget is what bounds, latencies that differ cost a part of its share: results are
   * taken in order, so what is ready behind a slower one holds its bytes in vain.
   *
   * @param latency milliseconds that a task takes, a fifth more or less
   * @param work milliseconds that the reader spends on each result
   * @param budget results that may be held, under way or ready
   */
  @ParameterizedTest
  @CsvSource({
    "5, 10, 64, 0.98",
    "50, 10, 64, 0.98",
    "200, 10, 64, 0.98",
    "5, 1, 64, 0.9",
    "50, 1, 64, 0.9",
    "200, 1, 128, 0.9",
    "200, 1, 64, 0.88",
    "200, 5, 20, 0.9"
  })
  void reachesWhatReaderBudgetAndCeilingAllow(
      long latency, long work, int budget, double expectedShare) {
    Outcome outcome = simulate(latency * MILLI, work * MILLI, budget);
    double perMilli = Math.min(1.0 / work, (double) Math.min(budget, CEILING) / latency);

    assertThat(outcome.resultsPerMilli()).isGreaterThanOrEqualTo(expectedShare * perMilli);
  }

  @ParameterizedTest
  @CsvSource({"5, 50, 3", "50, 50, 6", "200, 50, 12"})
  void burdensTheOriginLittleWhenTheReaderIsSlow(long latency, long work, double most) {
    Outcome outcome = simulate(latency * MILLI, work * MILLI, 64);

    assertThat(outcome.meanRequests()).isLessThanOrEqualTo(most);
    assertThat(outcome.resultsPerMilli()).isGreaterThanOrEqualTo(0.98 / work);
  }

  /**
   * The second half of a run, when the number had its time to settle.
   *
   * @param meanRequests what the controller allowed, over results
   */
  private record Outcome(double resultsPerMilli, double meanRequests) {}

  private static Outcome simulate(long latency, long work, int budget) {
    RequestController controller = new RequestController(CEILING);
    Random random = new Random(5);
    ArrayDeque<Long> ends = new ArrayDeque<>();
    long now = 0;
    long half = 0;
    long allowed = 0;
    for (int taken = 0; taken < RESULTS; taken++) {
      start(ends, controller, random, latency, budget, now);
      long end = ends.element();
      if (end > now) {
        now = advance(ends, controller, random, latency, budget, now, end);
        controller.onWaited(now);
      } else {
        boolean enough = ends.size() >= Math.min(budget, controller.lookAhead());
        controller.onReady(1, ready(ends, now), ends.size(), enough);
      }
      ends.remove();
      controller.onUsed(work);
      now = advance(ends, controller, random, latency, budget, now, now + work);
      if (taken == RESULTS / 2) {
        half = now;
      }
      allowed += taken > RESULTS / 2 ? controller.requests() : 0;
    }
    return new Outcome(
        (RESULTS / 2 - 1) / ((now - half) / (double) MILLI), allowed / (RESULTS / 2 - 1.0));
  }

  /** Lets time pass; a task is begun whenever another ends. */
  private static long advance(
      ArrayDeque<Long> ends,
      RequestController controller,
      Random random,
      long latency,
      int budget,
      long from,
      long to) {
    long now = from;
    while (now < to) {
      start(ends, controller, random, latency, budget, now);
      long moment = now;
      now = ends.stream().mapToLong(Long::longValue).filter(e -> e > moment).min().orElse(to);
      now = Math.min(now, to);
    }
    start(ends, controller, random, latency, budget, now);
    return now;
  }

  private static void start(
      ArrayDeque<Long> ends,
      RequestController controller,
      Random random,
      long latency,
      int budget,
      long now) {
    while (ends.size() < Math.min(budget, controller.lookAhead())
        && ends.size() - ready(ends, now) < controller.requests()) {
      long takes = (long) (latency * (0.8 + 0.4 * random.nextDouble()));
      controller.onRequestEnded(takes, 4 << 20);
      controller.onOpened(takes);
      ends.add(now + takes);
    }
  }

  private static int ready(ArrayDeque<Long> ends, long now) {
    return (int) ends.stream().filter(end -> end <= now).count();
  }
}
