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
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prefetcher with threads of its own.
 *
 * <p><b>Order.</b> Slots stand in the order in which tasks were added. A task is begun only after
 * all before it were, when one more request would be let through, no more than {@link
 * RequestController#lookAhead} are held and the budget has room for its bytes; so what is not begun
 * is always a tail of the order. Results and errors stay in their slot until the reader gets there.
 * The reader alone may go beyond the bounds: for the first task, when it asks for it. {@link
 * Preparations} are made of tasks that are begun soon.
 *
 * <p><b>Requests.</b> Tasks are begun, requests are bounded: {@link RequestGate} lets no more
 * through than {@link RequestController#requests}, whether they are of one task or of many. A task
 * whose bytes are in the cache makes none and takes nobody's turn. Beside those that wait for the
 * origin only as many tasks are begun as the processors can work on.
 *
 * <p><b>Threads.</b> Workers are made when there are more tasks to run than workers, stay until
 * {@link #close}, and are daemons. They alone wait for the budget and for room for a request: when
 * there is some, a worker is signalled and looks whether the next task fits; the thread that gave
 * bytes back, which may belong to another job, neither runs nor makes anything here. So there is
 * always a worker to spare while tasks wait.
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
  private final LongSupplier nanoClock;
  private final ByteBudget.Subscription releases;
  private final RequestController controller;
  private final int maxWorking;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition firstChanged = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<PrefetchSlot<T>> slots = new ArrayDeque<>();
  private final ArrayDeque<PrefetchSlot<T>> pending = new ArrayDeque<>();
  private final ArrayDeque<PrefetchSlot<T>> handedOut = new ArrayDeque<>();
  private final PrefetchWorkers workers;
  private final RequestGate gate;
  private final HeldTasks held;
  private final Preparations<T> preparations;

  private long places;
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
    this(
        settings,
        budget,
        threadFactory,
        System::nanoTime,
        Math.max(RequestController.FIRST, 2 * Runtime.getRuntime().availableProcessors()));
  }

  /**
   * With daemon threads of the given name and a number, which keep the context class loader of the
   * thread that makes the prefetcher.
   */
  public BackgroundPrefetcher(PrefetchSettings settings, ByteBudget budget, String threadName) {
    this(settings, budget, new PrefetchThreads(threadName));
  }

  /**
   * @param maxWorking tasks that are begun at most beside those that wait for the origin
   */
  BackgroundPrefetcher(
      PrefetchSettings settings,
      ByteBudget budget,
      ThreadFactory threadFactory,
      LongSupplier nanoClock,
      int maxWorking) {
    this.settings = settings;
    this.budget = budget;
    this.workers = new PrefetchWorkers(threadFactory, this::nextWork, this::onFault);
    this.nanoClock = nanoClock;
    this.maxWorking = maxWorking;
    this.controller = new RequestController(settings.maxRequests());
    this.held = new HeldTasks(controller);
    this.preparations = new Preparations<>(lock, controller, settings.enabled());
    this.gate = new RequestGate(lock, controller, nanoClock, work::signal);
    this.releases = budget.onRelease(this::onBytesGivenBack);
  }

  @Override
  public void add(PrefetchTask<T> task) {
    long bytes = task.bytes();
    lock.lock();
    try {
      checkOpen("add to");
      PrefetchSlot<T> slot = new PrefetchSlot<>(task, bytes, places++);
      slots.add(slot);
      pending.add(slot);
      preparations.add(slot);
      startWhatFits();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    return locked(slots::size);
  }

  private int locked(IntSupplier read) {
    lock.lock();
    try {
      return read.getAsInt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Head head() {
    lock.lock();
    try {
      PrefetchSlot<T> first = slots.peek();
      return first == null ? Head.NONE : first.head();
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
      if (slot == null) {
        return Optional.empty();
      }
      held.used(nanoClock.getAsLong());
      if (!isTakeable(slot)) {
        return Optional.empty();
      }
      slots.remove();
      if (slot.state == State.PENDING) {
        pending.remove();
        slot.onDemand = true;
      } else {
        boolean enough = pending.isEmpty() || starved || held.reachFarEnough();
        held.taken(slot, nanoClock.getAsLong(), enough);
        gate.grant();
        startWhatFits();
      }
    } finally {
      lock.unlock();
    }
    return Optional.of(slot.state == State.PENDING ? openNow(slot) : slot.result());
  }

  /** Waits for the first slot if it is under way; false if {@link #wakeUp} came first. */
  private boolean isTakeable(PrefetchSlot<T> slot) throws InterruptedException {
    if (slot.isReady()) {
      return true;
    }
    slot.awaited = true;
    long start = nanoClock.getAsLong();
    int extents = slot.extents;
    try {
      while (slot.state == State.STARTED && !wokenUp) {
        noteWait(slot);
        // Who goes on waiting needs still more requests: another look when they may be raised.
        long unused = firstChanged.awaitNanos(controller.lookNanos());
        checkSound("take from");
      }
    } finally {
      slot.waitNanos += nanoClock.getAsLong() - start;
      slot.awaitedOrigin |= slot.extents > extents;
    }
    if (slot.isReady()) {
      return true;
    }
    boolean goOn = !wokenUp;
    wokenUp = false;
    return goOn;
  }

  private void noteWait(PrefetchSlot<T> slot) {
    if (slot.asking > 0) {
      slot.awaitedOrigin = true;
      controller.onWaited(nanoClock.getAsLong());
      gate.grant();
      startWhatFits();
    }
  }

  /** Opens what was not begun on the calling thread, while those behind it begin on others. */
  private Prefetched<T> openNow(PrefetchSlot<T> slot) throws IOException, InterruptedException {
    Reservation memory = budget.reserveNow(slot.bytes);
    boolean done = false;
    try {
      beginOpening();
      long start = nanoClock.getAsLong();
      T opened = slot.task.open(memory, gate.requestsOf(slot));
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
        slot.task.abandon();
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
      gate.grant();
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
      held.use(nanoClock.getAsLong());
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
    if (!closed && settings.enabled()) {
      beginWhatFits();
      prepareNext();
    }
  }

  /** Threads that have something to do. */
  private int busy() {
    return held.underWay() + preparations.underWay();
  }

  /** Finds a worker for what is to be prepared. */
  private void prepareNext() {
    if (preparations.isDue(pending.peek()) && workers.haveOneToSpare(busy())) {
      work.signal();
    }
  }

  private void beginWhatFits() {
    while (!pending.isEmpty()
        && workers.haveOneToSpare(busy())
        && gate.hasRoom()
        && busy() - gate.asking() < maxWorking
        && !held.reachFarEnough()) {
      PrefetchSlot<T> slot = pending.element();
      Optional<Reservation> memory;
      try {
        memory = budget.tryReserve(slot.bytes);
      } catch (RuntimeException e) {
        pending.remove();
        held.notBegun(slot);
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
      held.begun(slot);
      handedOut.add(slot);
      work.signal();
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

  /** What a worker does next: tasks that were begun come first. Null if there is no more. */
  private @Nullable Runnable nextWork() {
    lock.lock();
    try {
      while (!closed) {
        startWhatFits();
        Thread.interrupted(); // what the task before left behind
        PrefetchSlot<T> slot = handedOut.poll();
        if (slot != null) {
          return () -> run(slot);
        }
        if (preparations.isDue(pending.peek())) {
          PrefetchSlot<T> early = preparations.next();
          prepareNext();
          return () -> preparations.run(early, gate.requestsOf(early), () -> closed);
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
      opened = slot.task.open(memory, gate.requestsOf(slot));
    } catch (Throwable e) {
      failure = e;
      slot.openingFailed();
    }
    if (!settle(slot, opened, failure, nanoClock.getAsLong() - start) && failure == null) {
      Thread.interrupted(); // by close(): giving back is not to be cut short
      slot.discard(opened);
    }
  }

  /** Leaves the result for the reader; false if it will not come any more. */
  private boolean settle(
      PrefetchSlot<T> slot, @Nullable T opened, @Nullable Throwable failure, long nanos) {
    lock.lock();
    try {
      held.ended();
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
    held.ready(slot);
    if (slot == slots.peek()) {
      firstChanged.signalAll();
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
      ending = workers.interruptAll();
      if (opener != null) {
        opener.interrupt();
      }
      slots.clear();
      pending.clear();
      handedOut.clear();
      preparations.clear();
      gate.close();
      work.signalAll();
      firstChanged.signalAll();
    } finally {
      lock.unlock();
    }
    releases.close();
    left.forEach(PrefetchSlot::giveBack);
    PrefetchThreads.awaitEnd(ending, settings.closeTimeout());
  }

  /** For tests that act while the reader waits. */
  boolean hasWaitingReader() {
    return locked(() -> lock.getWaitQueueLength(firstChanged)) > 0;
  }

  /** For tests that act while requests wait for their turn. */
  int waitingRequests() {
    return locked(gate::waiting);
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
