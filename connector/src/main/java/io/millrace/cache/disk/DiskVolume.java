// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.DiskStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.TimeToLive;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory of the tier on disk: its store, the queue of what is to be written, and the thread
 * that writes. What fails here is told to the log and to the state, never to who reads: a full disk
 * keeps less; one that fails again and again is left alone, and tried anew after a while.
 */
final class DiskVolume implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DiskVolume.class);

  private static final int MAX_FAILURES = 5;
  private static final long SWEEP_NANOS = Duration.ofHours(1).toNanos();

  /**
   * How a volume works; all volumes of a tier alike.
   *
   * @param ttl how long extents are served
   * @param compresses whether room is short at the moment
   * @param scratch memory for reading what is compressed
   */
  record Setup(
      DiskSettings settings,
      String policy,
      TimeToLive ttl,
      StoreLimits limits,
      DiskFiles files,
      ExtentCompression compression,
      BooleanSupplier compresses,
      RecordIo.Scratch scratch,
      Timing timing) {}

  /**
   * How long a volume waits.
   *
   * @param retry how long one that is off is left alone at first
   * @param idle how often the writer looks after the room when there is nothing to write
   * @param close how long its end may take
   */
  record Timing(Duration retry, Duration idle, Duration close) {
    static final Timing USUAL =
        new Timing(Duration.ofMinutes(1), Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  private final Path directory;
  private final long seed;
  private final Setup setup;
  private final WriteQueue queue;
  private final Thread writer;

  private final MountedStore mounted = new MountedStore();
  private volatile boolean closing;
  private volatile boolean degraded;

  /** What there was at the end, for metrics that outlive the cache. */
  private volatile @Nullable DiskStatistics last;

  private final FailureCount readFailures = new FailureCount(MAX_FAILURES);
  private final FailureCount writeFailures = new FailureCount(MAX_FAILURES);
  private final FailureCount careFailures = new FailureCount(MAX_FAILURES);

  /** Of the writer only. */
  private long nextMount;

  private long retryNanos;
  private long nextSweep;

  /** Opens a volume, which reads headers of what is there; one that cannot be opened is off. */
  DiskVolume(Path directory, Setup setup, WriteQueue queue) {
    this.directory = directory;
    this.seed = Homes.seedOf(directory);
    this.setup = setup;
    this.queue = queue;
    this.retryNanos = setup.timing().retry().toNanos();
    this.writer = new Thread(this::run, "millrace-disk-writer");
    writer.setDaemon(true);
    boolean started = false;
    try {
      mount();
      writer.start();
      started = true;
    } finally {
      if (!started) {
        mounted.unmount();
      }
    }
  }

  private void mount() {
    StoreDirectory claimed = null;
    try {
      claimed = StoreDirectory.claim(directory, setup.files());
      claimed.sweep(setup.settings().retention(), setup.limits().capacityBytes() / 2);
      nextSweep = System.nanoTime() + SWEEP_NANOS;
      mounted.mount(claimed, StoreLoader.open(claimed, setup, mounted.plans()));
      claimed = null;
      readFailures.reset();
      writeFailures.reset();
      careFailures.reset();
      retryNanos = setup.timing().retry().toNanos();
    } catch (ClosedByInterruptException e) {
      LOG.debug("Opening the cache in {} was interrupted; its writer does it", directory, e);
      nextMount = System.nanoTime();
      queue.wake();
    } catch (IOException e) {
      LOG.warn(
          "Cannot use {} for the cache; the job goes on without it, and tries again in {} s",
          directory,
          TimeUnit.NANOSECONDS.toSeconds(retryNanos),
          e);
      unmounted();
    } finally {
      if (claimed != null) {
        claimed.close();
      }
    }
  }

  private void unmounted() {
    nextMount = System.nanoTime() + retryNanos;
    retryNanos = Math.min(10 * setup.timing().retry().toNanos(), 2 * retryNanos);
  }

  /** For {@link Homes#rank}. */
  long seed() {
    return seed;
  }

  boolean isOn() {
    return store() != null;
  }

  /** Names what is there; null if it is off. */
  @Nullable UUID identity() {
    StoreDirectory now = mounted.directory();
    return now == null ? null : now.identity();
  }

  private @Nullable SegmentStore store() {
    return mounted.store();
  }

  boolean contains(Extent extent) {
    SegmentStore store = store();
    return (store != null && store.contains(extent)) || queue.contains(extent);
  }

  /**
   * Reads an extent.
   *
   * @return when it was fetched, if it was there and whole, and the disk worked
   * @throws ClosedByInterruptException if the thread was interrupted
   */
  OptionalLong read(Extent extent, ByteChunks target) throws ClosedByInterruptException {
    SegmentStore store = store();
    if (store == null) {
      return OptionalLong.empty();
    }
    try {
      OptionalLong found = store.read(extent, target);
      if (found.isPresent()) {
        readFailures.worked();
      }
      return found;
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      failed(readFailures, e);
      return OptionalLong.empty();
    }
  }

  SegmentStore.@Nullable Use use(Extent extent, Object purpose) {
    SegmentStore store = store();
    return store == null ? null : store.use(extent, purpose);
  }

  void markIntact(Extent extent, long fetchedNanos) {
    SegmentStore store = store();
    if (store != null) {
      store.markIntact(extent, fetchedNanos);
    }
  }

  boolean wouldAdmit(Extent extent) {
    SegmentStore store = store();
    return store != null && !closing && store.wouldAdmit(extent);
  }

  WriteQueue queue() {
    return queue;
  }

  void discard(Extent extent) {
    queue.discard(extent);
    mounted.discard(extent);
  }

  /** Forgets everything; what is being written at the moment. */
  List<Extent> clear() {
    List<Extent> writing = queue.clear();
    SegmentStore store = store();
    if (store != null) {
      store.clear();
    }
    queue.wake();
    return writing;
  }

  void setPlans(List<AccessPlan> live) {
    mounted.setPlans(live);
  }

  /** Counts a failure; the writer turns the volume off when there were too many in a row. */
  private void failed(FailureCount failures, IOException e) {
    if (failures.failed()) {
      LOG.warn("The disk of {} fails; the cache goes on with less", directory, e);
    } else {
      LOG.debug("The disk of {} failed again", directory, e);
    }
    queue.wake();
  }

  /** The writer. Whatever happens, it goes on until the volume is closed. */
  private void run() {
    boolean ended = false;
    while (!ended) {
      try {
        WriteQueue.Pending next = queue.take(setup.timing().idle());
        ended = next == null && closing;
        if (!ended) {
          work(next);
        }
      } catch (InterruptedException e) {
        LOG.debug("The writer of {} was interrupted", directory, e);
      } catch (RuntimeException | Error e) {
        fault(e);
        ended = closing;
      }
    }
    last = statistics();
    mounted.unmount();
  }

  private void fault(Throwable e) {
    try {
      LOG.error("The cache in {} is turned off by a fault of its own", directory, e);
      off();
    } catch (RuntimeException | Error again) {
      unmounted(); // no memory to do all of it, say
    } finally {
      queue.clear();
    }
  }

  /** Writes one extent, or sees to what else there is. */
  private void work(WriteQueue.@Nullable Pending next) {
    boolean written = false;
    try {
      if (!isOn() && !closing && System.nanoTime() - nextMount >= 0) {
        mount();
        if (isOn()) {
          LOG.info("The cache in {} works again", directory);
        }
      }
      SegmentStore store = store();
      if (store != null) {
        written = work(store, next);
      }
    } finally {
      if (next != null) {
        queue.done(next, written);
      }
    }
  }

  private boolean work(SegmentStore store, WriteQueue.@Nullable Pending next) {
    boolean written = false;
    FailureCount failures = next == null ? careFailures : writeFailures;
    try {
      if (next == null) {
        store.maintain();
        sweepIfDue();
      } else {
        written = write(store, next);
      }
      failures.worked();
      noteRoom(store);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // nobody means this thread; the extent is written another time
    } catch (IOException e) {
      if (DiskErrors.isFull(e)) {
        store.full();
        noteFull(e);
      } else {
        failed(failures, e);
      }
    }
    if (readFailures.areTooMany() || writeFailures.areTooMany() || careFailures.areTooMany()) {
      LOG.warn(
          "The cache in {} is off after {} failures in a row; it is tried again in {} s",
          directory,
          MAX_FAILURES,
          TimeUnit.NANOSECONDS.toSeconds(retryNanos));
      off();
    }
    return written;
  }

  private boolean write(SegmentStore store, WriteQueue.Pending next) throws IOException {
    long fetchedNanos = next.pin().fetchedNanos();
    if (next.isDiscarded() || setup.ttl().isOver(fetchedNanos)) {
      return true;
    }
    boolean rejected =
        !store.write(next.extent(), next.pin().bytes(), fetchedNanos, next.purposes());
    if (next.pin().isIntact()) {
      store.markIntact(next.extent(), fetchedNanos);
    }
    if (next.isDiscarded()) {
      store.discard(next.extent());
    }
    return !rejected || !store.isNarrow();
  }

  private void sweepIfDue() throws IOException {
    StoreDirectory now = mounted.directory();
    if (now != null && System.nanoTime() - nextSweep >= 0) {
      nextSweep = System.nanoTime() + SWEEP_NANOS;
      now.sweep(setup.settings().retention(), setup.limits().capacityBytes() / 2);
    }
  }

  private void off() {
    mounted.unmount();
    unmounted();
  }

  private void noteRoom(SegmentStore store) {
    if (!store.isNarrow()) {
      degraded = false;
    } else if (!degraded) {
      degraded = true;
      LOG.warn(
          "The cache in {} keeps to {} of its {} bytes: the file system has no more to give beyond cache.disk.min-free, or other caches' files count",
          directory,
          store.room(),
          setup.limits().capacityBytes());
    }
  }

  private void noteFull(IOException e) {
    if (!degraded) {
      degraded = true;
      LOG.warn("The disk of {} is full; the cache keeps to less", directory, e);
    }
  }

  /** What this volume can retain; 0 if it is off. */
  long retainableBytes() {
    SegmentStore store = store();
    return store == null ? 0 : store.retainableBytes();
  }

  /** Bytes of live records. */
  long liveBytes() {
    SegmentStore store = store();
    return store == null ? 0 : store.counts().liveBytes();
  }

  /** Bytes that the live records stand for. */
  long rawBytes() {
    SegmentStore store = store();
    return store == null ? 0 : store.counts().rawBytes();
  }

  long indexBytes() {
    SegmentStore store = store();
    return store == null ? 0 : store.indexBytes();
  }

  DiskStatistics statistics() {
    DiskStatistics ended = last;
    if (ended != null) {
      return ended;
    }
    boolean on = isOn();
    SegmentStore.Counts counts = mounted.counts();
    boolean whole = !degraded && readFailures.none() && writeFailures.none() && careFailures.none();
    int state = whole ? DiskStatistics.OK : DiskStatistics.DEGRADED;
    return new DiskStatistics(
        on ? state : DiskStatistics.OFF,
        setup.limits().capacityBytes(),
        counts.bytes(),
        counts.extents(),
        counts.reads(),
        counts.readBytes(),
        counts.writes(),
        counts.writtenBytes(),
        counts.evictions(),
        counts.rejections(),
        counts.expirations(),
        queue.skips(),
        counts.damages());
  }

  void resetStatistics() {
    queue.resetCounters();
    mounted.resetCounters();
  }

  /**
   * Writes what is queued, for some seconds at most, and ends the thread, which closes the files. A
   * disk that does not answer is not waited for: its thread ends when it does. Called once, when
   * nobody asks any more.
   */
  @Override
  public void close() {
    closing = true;
    queue.close();
    boolean interrupted = awaitWriter(setup.timing().close());
    if (writer.isAlive()) {
      LOG.warn("The disk of {} does not answer; what is not written yet is left out", directory);
      queue.clear();
      interrupted |= awaitWriter(setup.timing().close().dividedBy(10));
    }
    queue.clear();
    if (last == null) {
      last = statistics();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the writer's end, though interrupted: who opens the directory next wants it free. */
  private boolean awaitWriter(Duration limit) {
    boolean interrupted = false;
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); left > 0 && writer.isAlive(); ) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(writer, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = end - System.nanoTime();
    }
    return interrupted;
  }
}
