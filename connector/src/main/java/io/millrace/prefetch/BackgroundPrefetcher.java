// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.cache.ByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.prefetch.PrefetchSlot.State;
import io.millrace.prefetch.Prefetched.Timing;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prefetcher with threads of its own.
 *
 * <p><b>Order.</b> Slots stand in the order in which tasks were added. A task is begun only after
 * all before it were, when fewer than {@link RequestController#requests} are under way and the
 * budget has room for its bytes; so what is not begun is always a tail of the order. Results and
 * errors stay in their slot until the reader gets there. The reader alone may go beyond the budget:
 * for the first task, when it asks for it.
 *
 * <p><b>Threads.</b> Workers are made when there are more tasks to run than workers, stay until
 * {@link #close}, and are daemons. They alone wait for the budget: when bytes come back, a worker
 * is signalled and looks whether the next task fits; the thread that gave bytes back, which may
 * belong to another job, neither runs nor makes anything here. So there is always a worker to spare
 * while tasks wait for bytes.
 *
 * <p><b>Locking.</b> One lock guards all state. Tasks are opened and discarded, and memory is given
 * back, outside of it: giving back tells other prefetchers, which take their own locks.
 *
 * <p>A task's {@link PrefetchTask#bytes} is asked once, by {@link #add}. An {@link
 * InterruptedException} of a task on a background thread comes out of {@link #take} as an {@code
 * InterruptedIOException}: it was not the reader that was interrupted. One of a task that is opened
 * on the reader's thread comes out as it is, and the task is gone, as after any failure.
 */
public final class BackgroundPrefetcher<T> implements Prefetcher<T> {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundPrefetcher.class);

  private final PrefetchSettings settings;
  private final ByteBudget budget;
  private final ThreadFactory threadFactory;
  private final LongSupplier nanoClock;
  private final ByteBudget.Subscription releases;
  private final RequestController controller;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition firstChanged = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<PrefetchSlot<T>> slots = new ArrayDeque<>();
  private final ArrayDeque<PrefetchSlot<T>> pending = new ArrayDeque<>();
  private final ArrayDeque<PrefetchSlot<T>> handedOut = new ArrayDeque<>();
  private final List<Thread> workers = new ArrayList<>();

  private int underWay;
  private int ready;
  private boolean starved;
  private boolean wokenUp;
  private boolean closed;

  private @Nullable Thread opener; // the reader's thread while it opens a task itself

  /** What ended a worker outside of any task. */
  private @Nullable Throwable fault;

  /**
   * @param budget where the bytes of tasks are reserved; may be shared
   * @param threadFactory makes the threads, which are started at once
   */
  public BackgroundPrefetcher(
      PrefetchSettings settings, ByteBudget budget, ThreadFactory threadFactory) {
    this(settings, budget, threadFactory, System::nanoTime);
  }

  /**
   * With daemon threads of the given name and a number, which keep the context class loader of the
   * thread that makes the prefetcher.
   */
  public BackgroundPrefetcher(PrefetchSettings settings, ByteBudget budget, String threadName) {
    this(settings, budget, new PrefetchThreads(threadName));
  }

  BackgroundPrefetcher(
      PrefetchSettings settings,
      ByteBudget budget,
      ThreadFactory threadFactory,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.budget = budget;
    this.threadFactory = threadFactory;
    this.nanoClock = nanoClock;
    this.controller = new RequestController(settings.maxRequests());
    this.releases = budget.onRelease(this::onBytesGivenBack);
  }

  @Override
  public void add(PrefetchTask<T> task) {
    PrefetchSlot<T> slot = new PrefetchSlot<>(task, task.bytes());
    lock.lock();
    try {
      checkOpen("add to");
      slots.add(slot);
      pending.add(slot);
      startWhatFits();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return slots.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Head head() {
    lock.lock();
    try {
      PrefetchSlot<T> first = slots.peek();
      if (first == null) {
        return Head.NONE;
      }
      return switch (first.state) {
        case PENDING -> Head.WAITING;
        case STARTED -> Head.OPENING;
        case OPENED, FAILED -> Head.READY;
      };
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Prefetched<T>> take() throws IOException, InterruptedException {
    PrefetchSlot<T> slot;
    lock.lock();
    try {
      checkSound("take from");
      slot = slots.peek();
      if (slot == null || !isTakeable(slot)) {
        return Optional.empty();
      }
      slots.remove();
      if (slot.state == State.PENDING) {
        pending.remove();
      } else {
        countTaken(slot);
        startWhatFits();
      }
    } finally {
      lock.unlock();
    }
    return Optional.of(slot.state == State.PENDING ? openNow(slot) : result(slot));
  }

  /** Waits for the first slot if it is under way; false if {@link #wakeUp} came first. */
  private boolean isTakeable(PrefetchSlot<T> slot) throws InterruptedException {
    if (slot.isReady()) {
      return true;
    }
    slot.awaited = true;
    long start = nanoClock.getAsLong();
    try {
      while (slot.state == State.STARTED && !wokenUp) {
        firstChanged.await();
        checkSound("take from");
      }
    } finally {
      slot.waitNanos += nanoClock.getAsLong() - start;
    }
    if (slot.isReady()) {
      return true;
    }
    boolean goOn = !wokenUp;
    wokenUp = false;
    return goOn;
  }

  private void countTaken(PrefetchSlot<T> slot) {
    if (slot.awaited) {
      controller.onWaited(nanoClock.getAsLong());
    } else {
      controller.onReady(ready, ready + underWay);
    }
    ready--;
  }

  private Prefetched<T> result(PrefetchSlot<T> slot) throws IOException {
    slot.throwFailure();
    return new Prefetched<>(
        opened(slot),
        slot.awaited ? Timing.LATE : Timing.AHEAD,
        Objects.requireNonNull(slot.memory),
        slot.waitNanos);
  }

  @SuppressWarnings("NullAway") // null only if the task's own open returned null
  private static <T> T opened(PrefetchSlot<T> slot) {
    return slot.opened;
  }

  /** Opens what was not begun on the calling thread, while those behind it begin on others. */
  private Prefetched<T> openNow(PrefetchSlot<T> slot) throws IOException, InterruptedException {
    Reservation memory = budget.reserveNow(slot.bytes);
    boolean done = false;
    try {
      beginOpening();
      long start = nanoClock.getAsLong();
      T opened = slot.task.open(memory);
      long nanos = slot.waitNanos + nanoClock.getAsLong() - start;
      if (!endOpening()) {
        slot.task.discard(opened);
        checkOpen("take from");
      }
      done = true;
      return new Prefetched<>(opened, Timing.ON_DEMAND, memory, nanos);
    } finally {
      if (!done) {
        endOpening();
        memory.close();
      }
    }
  }

  private void beginOpening() {
    lock.lock();
    try {
      checkOpen("take from");
      opener = Thread.currentThread();
      controller.onWaited(nanoClock.getAsLong());
      startWhatFits();
    } finally {
      lock.unlock();
    }
  }

  /** False if the prefetcher was closed meanwhile, by another thread: nobody wants the result. */
  private boolean endOpening() {
    lock.lock();
    try {
      if (closed && opener != null) {
        Thread.interrupted(); // by close()
      }
      opener = null;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wakeUp() {
    lock.lock();
    try {
      wokenUp = true;
      firstChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void onBytesGivenBack() {
    lock.lock();
    try {
      if (starved) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Begins tasks as far as bounds allow. Called under the lock, by the reader and by workers. */
  private void startWhatFits() {
    starved = false;
    while (settings.enabled()
        && !closed
        && !pending.isEmpty()
        && underWay < controller.requests()
        && hasWorkerToSpare()) {
      PrefetchSlot<T> slot = pending.element();
      Optional<Reservation> memory;
      try {
        memory = budget.tryReserve(slot.bytes);
      } catch (RuntimeException e) {
        pending.remove();
        end(slot, null, e);
        continue;
      }
      if (memory.isEmpty()) {
        starved = true;
        return;
      }
      pending.remove();
      slot.memory = memory.get();
      slot.state = State.STARTED;
      underWay++;
      handedOut.add(slot);
      work.signal();
    }
  }

  /** Without a thread nothing is begun; the reader then opens its tasks itself. */
  private boolean hasWorkerToSpare() {
    if (workers.size() > underWay) {
      return true;
    }
    try {
      Thread worker = threadFactory.newThread(this::work);
      worker.start();
      workers.add(worker);
      return true;
    } catch (OutOfMemoryError | RuntimeException e) {
      LOG.warn("Cannot start a prefetch thread beside {} others; going on", workers.size(), e);
      return false;
    }
  }

  private void work() {
    try {
      PrefetchSlot<T> slot = nextStarted();
      while (slot != null) {
        run(slot);
        slot = nextStarted();
      }
    } catch (Throwable e) {
      onFault(e);
    }
  }

  /** Without the worker some task may never end: the reader fails rather than wait for it. */
  private void onFault(Throwable e) {
    lock.lock();
    try {
      if (!closed) {
        fault = e;
        firstChanged.signalAll();
        return;
      }
    } finally {
      lock.unlock();
    }
    LOG.warn("A prefetch thread failed after its prefetcher was closed", e);
  }

  private @Nullable PrefetchSlot<T> nextStarted() {
    lock.lock();
    try {
      while (!closed) {
        startWhatFits();
        PrefetchSlot<T> slot = handedOut.poll();
        if (slot != null) {
          Thread.interrupted(); // what the task before left behind
          return slot;
        }
        work.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void run(PrefetchSlot<T> slot) {
    Reservation memory = Objects.requireNonNull(slot.memory);
    T opened = null;
    Throwable failure = null;
    long start = nanoClock.getAsLong();
    try {
      opened = slot.task.open(memory);
    } catch (Throwable e) {
      failure = e;
      memory.close();
    }
    if (!settle(slot, opened, failure, nanoClock.getAsLong() - start) && failure == null) {
      Thread.interrupted(); // by close(): giving back is not to be cut short
      discard(slot, opened);
    }
  }

  /** Leaves the result for the reader; false if it will not come any more. */
  private boolean settle(
      PrefetchSlot<T> slot, @Nullable T opened, @Nullable Throwable failure, long nanos) {
    lock.lock();
    try {
      underWay--;
      if (closed) {
        return false;
      }
      controller.onOpened(nanos);
      end(slot, opened, failure);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void end(PrefetchSlot<T> slot, @Nullable T opened, @Nullable Throwable failure) {
    slot.opened = opened;
    slot.failure = failure;
    slot.state = failure == null ? State.OPENED : State.FAILED;
    ready++;
    if (slot == slots.peek()) {
      firstChanged.signalAll();
    }
  }

  @SuppressWarnings("NullAway") // opened is null only if the task's own open returned null
  private void discard(PrefetchSlot<T> slot, @Nullable T opened) {
    try {
      slot.task.discard(opened);
    } catch (RuntimeException e) {
      LOG.warn("Cannot discard what was prefetched and not taken", e);
    } finally {
      Objects.requireNonNull(slot.memory).close();
    }
  }

  /**
   * Waits at most {@link PrefetchSettings#closeTimeout}, then logs which threads go on; an
   * interrupt ends the waiting early.
   */
  @Override
  public void close() {
    List<PrefetchSlot<T>> left;
    List<Thread> ending;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      left = new ArrayList<>(slots);
      left.removeIf(slot -> slot.state == State.STARTED && !handedOut.contains(slot));
      ending = List.copyOf(workers);
      ending.forEach(Thread::interrupt);
      if (opener != null) {
        opener.interrupt();
      }
      slots.clear();
      pending.clear();
      handedOut.clear();
      work.signalAll();
      firstChanged.signalAll();
    } finally {
      lock.unlock();
    }
    releases.close();
    left.forEach(this::giveBack);
    PrefetchThreads.awaitEnd(ending, settings.closeTimeout());
  }

  /** Undoes a slot that no worker has. */
  private void giveBack(PrefetchSlot<T> slot) {
    switch (slot.state) {
      case OPENED -> discard(slot, slot.opened);
      case STARTED -> Objects.requireNonNull(slot.memory).close();
      case PENDING, FAILED -> {}
    }
  }

  /** For tests that act while the reader waits. */
  boolean hasWaitingReader() {
    lock.lock();
    try {
      return lock.hasWaiters(firstChanged);
    } finally {
      lock.unlock();
    }
  }

  private void checkSound(String operation) {
    checkOpen(operation);
    if (fault != null) {
      throw new IllegalStateException(
          "Cannot " + operation + " a prefetcher whose thread failed: " + fault, fault);
    }
  }

  private void checkOpen(String operation) {
    if (closed) {
      throw new IllegalStateException("Cannot " + operation + " a closed prefetcher");
    }
  }
}
