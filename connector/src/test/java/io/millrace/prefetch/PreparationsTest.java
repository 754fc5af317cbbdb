// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.storage.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tasks need first is fetched before there is memory for the rest. */
@Tag("unit")
@Timeout(60)
final class PreparationsTest {

  private final BoundedByteBudget budget = new BoundedByteBudget(2);
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<String> prepared = new CopyOnWriteArrayList<>();
  private final List<String> opened = new CopyOnWriteArrayList<>();
  private final List<String> abandoned = new CopyOnWriteArrayList<>();
  private final AtomicInteger preparing = new AtomicInteger();
  private final List<Reservation> taken = new ArrayList<>();
  private final BackgroundPrefetcher<String> prefetcher = prefetcher(true);

  private BackgroundPrefetcher<String> prefetcher(boolean enabled) {
    return new BackgroundPrefetcher<>(
        PrefetchSettings.DEFAULT.withMaxRequests(4).withEnabled(enabled),
        budget,
        new PrefetchThreads("preparations-test"),
        System::nanoTime,
        8);
  }

  @AfterEach
  void leavesNothingBehind() {
    release.countDown();
    prefetcher.close();
    taken.forEach(Reservation::close);
    assertThat(budget.reserved()).isZero();
  }

  /** A task of one byte. */
  private class Task implements PrefetchTask<String> {
    private final String name;

    Task(String name) {
      this.name = name;
    }

    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public boolean prepares() {
      return true;
    }

    @Override
    public void prepare(OriginRequests requests) throws IOException {
      prepared.add(name);
    }

    @Override
    public String open(Reservation memory, OriginRequests requests) {
      opened.add(name);
      return name;
    }

    @Override
    public void abandon() {
      abandoned.add(name);
    }

    @Override
    public void discard(String unwanted) {}
  }

  /** One whose preparation takes until the test says so. */
  private final class SlowTask extends Task {
    SlowTask(String name) {
      super(name);
    }

    @Override
    public void prepare(OriginRequests requests) throws IOException {
      requests.fetch(
          1,
          () -> {
            preparing.incrementAndGet();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException("interrupted");
            } finally {
              preparing.decrementAndGet();
            }
            return "prepared";
          });
      super.prepare(requests);
    }
  }

  private String take() throws Exception {
    Prefetched<String> result = prefetcher.take().orElseThrow();
    taken.add(result.memory());
    return result.opened();
  }

  @Test
  void preparesAsManyAsThereMayBeRequestsWhileThereIsNoMemory() throws Exception {
    for (int i = 0; i < 20; i++) {
      prefetcher.add(new Task("t" + i));
    }

    Await.until("two fit, four are prepared", () -> opened.size() == 2 && prepared.size() >= 4);
    assertThat(opened).containsExactlyInAnyOrder("t0", "t1");
    assertThat(prepared).as("those that come next").contains("t2", "t3", "t4", "t5");
    assertThat(prepared).doesNotContain("t6");

    assertThat(take()).isEqualTo("t0");
    taken.remove(0).close();
    Await.until("the next one is opened, and one more prepared", () -> prepared.contains("t6"));
    assertThat(prepared).doesNotContain("t7").doesNotHaveDuplicates();
  }

  @Test
  void noMoreThanTheRequestsAreMadeForIt() {
    for (int i = 0; i < 20; i++) {
      prefetcher.add(new SlowTask("t" + i));
    }
    Await.until("four are being prepared", () -> preparing.get() == 4);
    assertThat(prefetcher.waitingRequests()).isZero();
  }

  @Test
  void whatIsBeingPreparedDoesNotKeepTheReaderWaiting() throws Exception {
    Reservation others = budget.reserveNow(2);
    prefetcher.add(new SlowTask("slow"));
    Await.until("it is being prepared", () -> preparing.get() == 1);

    assertThat(take()).isEqualTo("slow");
    others.close();
  }

  @Test
  void aFailedPreparationIsTheTasksOwnAffair() throws Exception {
    prefetcher.add(
        new Task("t") {
          @Override
          public void prepare(OriginRequests requests) throws IOException {
            super.prepare(requests);
            throw new IOException("not yet");
          }
        });
    assertThat(take()).isEqualTo("t");
  }

  @Test
  void whatIsNotOpenedIsAbandoned() {
    Reservation others = budget.reserveNow(2);
    prefetcher.add(new Task("done"));
    prefetcher.add(new SlowTask("under way"));
    prefetcher.add(new Task("done, too"));
    Await.until("all are", () -> prepared.size() == 2 && preparing.get() == 1);

    prefetcher.close();

    assertThat(abandoned).contains("done", "under way", "done, too");
    assertThat(opened).isEmpty();
    others.close();
  }

  @Test
  void nothingIsPreparedIfNothingIsReadAhead() throws Exception {
    try (BackgroundPrefetcher<String> off = prefetcher(false)) {
      off.add(new Task("t0"));
      off.add(new Task("t1"));
      taken.add(off.take().orElseThrow().memory());
      assertThat(opened).containsExactly("t0");
      assertThat(prepared).isEmpty();
    }
  }
}
