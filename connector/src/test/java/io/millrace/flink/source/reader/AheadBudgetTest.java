// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AheadBudgetTest {

  private final BoundedByteBudget shared = new BoundedByteBudget(1000);
  private final AheadBudget budget = new AheadBudget(shared, 100);

  @Test
  void grantsUpToItsLimitWithinWhatIsShared() {
    assertThat(budget.capacity()).isEqualTo(100);
    assertThat(new AheadBudget(shared, 5000).capacity()).isEqualTo(1000);

    Reservation first = budget.tryReserve(70).orElseThrow();
    assertThat(budget.tryReserve(31)).isEmpty();
    assertThat(budget.tryReserve(30)).isPresent();
    assertThat(budget.reserved()).isEqualTo(100);
    assertThat(shared.reserved()).isEqualTo(100);

    first.close();
    first.close();
    assertThat(budget.reserved()).isEqualTo(30);
    assertThat(shared.reserved()).isEqualTo(30);
  }

  @Test
  void refusesWhatIsSharedAndTaken() {
    Reservation others = shared.reserveNow(950);
    assertThat(budget.tryReserve(60)).isEmpty();
    assertThat(budget.reserved()).isZero();
    others.close();
    assertThat(budget.tryReserve(60)).isPresent();
  }

  @Test
  void countsNoLongerWhatTheReaderTookButKeepsItShared() {
    AtomicInteger told = new AtomicInteger();
    budget.onRelease(told::incrementAndGet);
    Reservation held = budget.tryReserve(100).orElseThrow();
    assertThat(budget.tryReserve(1)).isEmpty();

    AheadBudget.taken(held);

    assertThat(told).hasValue(1);
    assertThat(budget.reserved()).isZero();
    assertThat(shared.reserved()).isEqualTo(100);
    assertThat(budget.tryReserve(100)).isPresent();

    held.close();
    assertThat(budget.reserved()).isEqualTo(100);
    assertThat(shared.reserved()).isEqualTo(100);
  }

  @Test
  void countsWhatAReservationGrewBy() {
    Reservation held = budget.tryReserve(40).orElseThrow();
    held.growNow(50);
    assertThat(held.bytes()).isEqualTo(90);
    assertThat(budget.reserved()).isEqualTo(90);

    AheadBudget.taken(held);
    held.growNow(10);
    assertThat(budget.reserved()).isZero();
    assertThat(shared.reserved()).isEqualTo(100);

    held.close();
    assertThat(shared.reserved()).isZero();
  }

  @Test
  void goesBeyondItsLimitForWhatIsNeededNow() {
    Reservation held = budget.reserveNow(300);
    assertThat(budget.reserved()).isEqualTo(300);
    assertThat(budget.tryReserve(0)).isEmpty();
    held.close();
    assertThat(budget.tryReserve(100)).isPresent();
  }

  @Test
  void tellsOfReleasesElsewhereUntilUnsubscribed() {
    AtomicInteger told = new AtomicInteger();
    ByteBudget.Subscription subscription = budget.onRelease(told::incrementAndGet);
    shared.reserveNow(1).close();
    assertThat(told).hasValue(1);

    subscription.close();
    shared.reserveNow(1).close();
    AheadBudget.taken(budget.reserveNow(1));
    assertThat(told).hasValue(1);
  }

  @Test
  void countsNothingWhenARequestIsRefusedWithAnError() {
    assertThatThrownBy(() -> budget.tryReserve(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> budget.reserveNow(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(budget.reserved()).isZero();
    assertThat(budget.tryReserve(Long.MAX_VALUE)).isEmpty();
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void ignoresReservationsOfOthers() {
    AheadBudget.taken(shared.reserveNow(5));
    assertThat(shared.reserved()).isEqualTo(5);
  }

  @Test
  void leaksNothingUnderManyThreads() throws Exception {
    int threads = 8;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(this::reserveAndGiveBack));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(budget.reserved()).isZero();
    assertThat(shared.reserved()).isZero();
  }

  private void reserveAndGiveBack() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 5_000; i++) {
      Optional<Reservation> held =
          random.nextInt(8) == 0
              ? Optional.of(budget.reserveNow(random.nextInt(50)))
              : budget.tryReserve(random.nextInt(50));
      if (held.isPresent()) {
        if (random.nextBoolean()) {
          held.get().growNow(random.nextInt(20));
        }
        if (random.nextBoolean()) {
          AheadBudget.taken(held.get());
        }
        held.get().close();
      }
    }
  }
}
