// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request a second time when it takes longer than one and a half times what 95 of 100 of
 * its kind and size took of late; the first good answer wins. Among many requests there is always a
 * slow one, and a reader that takes things in order waits for it.
 *
 * <p>Not where most requests are so fast that handing them to another thread would be felt, nor
 * before enough is known, and for no more than a twentieth of all requests. A second one that would
 * have to wait for the bounds on requests is not sent. Listings are not, either: discovery makes
 * one, then another.
 *
 * <p>A read is sent a second time only if the object was opened by its version: another reader of
 * it, from which the second read comes, must not be of another version.
 */
final class HedgingObjectStore implements ObjectStore {

  private static final double SLOWER = 1.5;

  /** What handing a request to another thread may not be noticed in. */
  private static final long WORTH_NANOS = 1_000_000;

  /** Of a place: hedging alone must not keep calls from being made there. */
  private static final int MAX_LEFT_BEHIND = RequestTimer.MAX_ABANDONED / 2;

  private final ObjectStore base;
  private final RequestTimer timer;
  private final RequestLimiter limiter;
  private final OriginCounters counters;
  private final HedgeMemory memory;
  private final RequestLatencies latencies = new RequestLatencies();
  private final HedgeAllowance allowance = new HedgeAllowance();

  /**
   * @param limiter which the first attempt has passed, and the second is to pass
   * @param memory asked for what a second read needs
   */
  HedgingObjectStore(
      ObjectStore base,
      RequestTimer timer,
      RequestLimiter limiter,
      OriginCounters counters,
      HedgeMemory memory) {
    this.base = base;
    this.timer = timer;
    this.limiter = limiter;
    this.counters = counters;
    this.memory = memory;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return base.list(directory);
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return ask(StorageRequest.status(object), answers(() -> base.status(object), status -> {}));
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return ask(
        StorageRequest.status(object), answers(() -> base.status(object, expected), status -> {}));
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return ask(
        StorageRequest.open(object),
        answers(() -> base.open(object), HedgingObjectStore::closeQuietly));
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    StorageCall<RangeReader> opener = () -> base.open(object, expected);
    RangeReader first =
        ask(StorageRequest.open(object), answers(opener, HedgingObjectStore::closeQuietly));
    return new HedgedReader(this, first, opener);
  }

  private <T> T ask(StorageRequest request, Attempt.Work<T> work) throws IOException {
    RequestLatency latency = latencies.of(request);
    if (!isWorthIt(request, latency)) {
      long begin = System.nanoTime();
      T answer = work.run();
      latency.record(System.nanoTime() - begin);
      return answer;
    }
    return race(request, latency, newCall(request), work, work);
  }

  /** Whether a request is to be made in a way in which it can be sent a second time. */
  boolean isWorthIt(StorageRequest request, RequestLatency latency) {
    RequestLatency.Percentiles usual = latency.percentiles();
    // Memory brings a byte a nanosecond.
    return usual.known()
        && usual.median() - request.length() > WORTH_NANOS
        && timer.abandonedAt(request.location()).get() < MAX_LEFT_BEHIND;
  }

  RequestLatency latencyOf(StorageRequest request) {
    return latencies.of(request);
  }

  <T> HedgedCall<T> newCall(StorageRequest request) {
    return new HedgedCall<>(request, timer);
  }

  /** Closes a reader without waiting for that, whatever it is doing; it may be closed already. */
  void closeLater(StorageRequest request, RangeReader reader) {
    try {
      timer.execute(request, () -> closeQuietly(reader));
    } catch (IOException e) {
      closeQuietly(reader); // the store is closed: there is no other thread
    }
  }

  /** For tests of what happens when there may be hedges. */
  HedgeAllowance allowance() {
    return allowance;
  }

  /** Makes a request, and a second one if that is slow. */
  <T> T race(
      StorageRequest request,
      RequestLatency latency,
      HedgedCall<T> call,
      Attempt.Work<T> first,
      Attempt.Work<T> second)
      throws IOException {
    allowance.earn();
    Duration delay = Duration.ofNanos((long) (SLOWER * latency.percentiles().p95()));
    long begin = System.nanoTime();
    Places places = new Places();
    places.begin();
    Attempt<T> original = attempt(request, places, first);
    Attempt<T> winner = call.run(original, delay, () -> hedge(request, places, second));
    latency.record(winner.nanos());
    if (winner != original) {
      latency.record(System.nanoTime() - begin); // at least so long it would have taken
    }
    return winner.answer();
  }

  private <T> @Nullable Attempt<T> hedge(
      StorageRequest request, Places places, Attempt.Work<T> second) {
    if (!allowance.take()) {
      return null;
    }
    Optional<Runnable> taken =
        request.length() == 0 ? Optional.of(() -> {}) : memory.tryTake(request.length());
    if (taken.isEmpty()) {
      allowance.giveBack();
      return null;
    }
    if (!limiter.tryBegin()) {
      taken.get().run();
      allowance.giveBack();
      return null;
    }
    counters.countHedge();
    places.beginSecond(taken.get());
    return attempt(request, places, second);
  }

  private <T> Attempt<T> attempt(StorageRequest request, Places places, Attempt.Work<T> work) {
    return new Attempt<>(
        new Attempt.Work<T>() {
          @Override
          public T run() throws IOException {
            return work.run();
          }

          @Override
          public void cancel() {
            work.cancel();
          }

          @Override
          public void late(T answer) {
            work.late(answer);
          }

          @Override
          public void ended() {
            work.ended();
            places.end();
          }
        },
        timer.abandonedAt(request.location()));
  }

  /**
   * The place of a second attempt among the requests in flight, and its memory. They are given back
   * when both have ended: the caller gives its own back when it leaves, and one attempt may go on
   * then, with arrays that nobody else counts.
   */
  private final class Places {

    /** Guarded by this, as is the other. */
    private int underWay;

    private @Nullable Runnable memoryOfSecond;

    synchronized void begin() {
      underWay++;
    }

    synchronized void beginSecond(Runnable memory) {
      underWay++;
      memoryOfSecond = memory;
    }

    void end() {
      Runnable memory;
      synchronized (this) {
        memory = --underWay == 0 ? memoryOfSecond : null;
      }
      if (memory != null) {
        memory.run();
        limiter.end();
      }
    }
  }

  private static <T> Attempt.Work<T> answers(StorageCall<T> call, Consumer<T> late) {
    return new Attempt.Work<>() {
      @Override
      public T run() throws IOException {
        return call.run();
      }

      @Override
      public void cancel() {}

      @Override
      public void late(T answer) {
        late.accept(answer);
      }
    };
  }

  static void closeQuietly(RangeReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Nothing is read from it any more.
    }
  }
}
