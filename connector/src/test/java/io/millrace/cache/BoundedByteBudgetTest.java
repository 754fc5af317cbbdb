// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.cache.ByteBudget.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class BoundedByteBudgetTest {

  private final BoundedByteBudget budget = new BoundedByteBudget(100);

  @Test
  void givesWhatFitsAndNoMore() {
    Reservation first = budget.tryReserve(60).orElseThrow();

    assertThat(budget.tryReserve(41)).isEmpty();
    assertThat(budget.tryReserve(40)).isPresent();
    assertThat(budget.tryReserve(0)).isPresent();
    assertThat(budget.reserved()).isEqualTo(100);
    assertThat(first.bytes()).isEqualTo(60);
  }

  @Test
  void goesBeyondItsCapacityForWhatIsNeededNow() {
    Reservation needed = budget.reserveNow(150);
    needed.growNow(25);

    assertThat(needed.bytes()).isEqualTo(175);
    assertThat(budget.reserved()).isEqualTo(175);
    assertThat(budget.tryReserve(0)).isEmpty();

    needed.close();
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void takesEachReservationBackOnce() {
    Reservation first = budget.tryReserve(60).orElseThrow();
    budget.reserveNow(10);
    first.close();
    first.close();

    assertThat(budget.reserved()).isEqualTo(10);
    assertThatThrownBy(() -> first.growNow(5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot add 5 bytes to a reservation that was given back");
  }

  @Test
  void tellsOfEveryReleaseOutsideOfItsLockUntilTheSubscriptionIsClosed() {
    List<Long> seen = new ArrayList<>();
    Subscription subscription = budget.onRelease(() -> seen.add(budget.reserved()));
    Reservation first = budget.tryReserve(60).orElseThrow();
    Reservation second = budget.tryReserve(30).orElseThrow();

    first.close();
    first.close();
    subscription.close();
    subscription.close();
    second.close();

    assertThat(seen).containsExactly(30L);
  }

  @Test
  void tellsThoseWhoWaitInTurn() {
    List<String> told = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      budget.onRelease(() -> told.add(name));
    }
    for (int i = 0; i < 3; i++) {
      budget.reserveNow(1).close();
    }

    assertThat(told).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
  }

  @Test
  void addsUpAfterAnySequence() {
    Random random = new Random(42);
    List<Reservation> held = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      long bytes = random.nextInt(40);
      switch (random.nextInt(4)) {
        case 0 -> budget.tryReserve(bytes).ifPresent(held::add);
        case 1 -> held.add(budget.reserveNow(bytes));
        case 2 -> held.stream().skip(held.size() / 2).findFirst().ifPresent(r -> r.growNow(bytes));
        default -> {
          if (!held.isEmpty()) {
            held.remove(random.nextInt(held.size())).close();
          }
        }
      }
      assertThat(budget.reserved()).isEqualTo(held.stream().mapToLong(Reservation::bytes).sum());
    }
  }

  @Test
  void refusesNegativeNumbers() {
    assertThatThrownBy(() -> budget.tryReserve(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot reserve a negative number of bytes: -1");
    assertThatThrownBy(() -> budget.reserveNow(-2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BoundedByteBudget(-3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot bound bytes by a negative number: -3");
  }
}
