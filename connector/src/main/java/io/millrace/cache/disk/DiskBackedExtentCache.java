// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.ByteBudget;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.CacheStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentChecksums;
import io.millrace.cache.ExtentFetcher;
import io.millrace.cache.PinnedExtent;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A cache in memory over a tier on disk. What memory lacks is looked for on disk before it is
 * fetched; what was fetched is offered to the disk when a pin of it is closed, and written behind.
 * By then the reader has checked it: what it found wrong it discarded before.
 *
 * <p>The disk is inclusive: memory holds what was used last or is worth most of it. So what counts
 * as resident, and as a hit, is what either of them has.
 */
public final class DiskBackedExtentCache implements ExtentCache {

  private final ExtentCache memory;
  private final DiskTier disk;
  private final KeptPlaces places;
  private final IndexMemory index;
  private final List<AccessPlan> plans = new ArrayList<>();

  /** Extents that are asked for or pinned. */
  private final ConcurrentHashMap<Extent, Held> held = new ConcurrentHashMap<>();

  private final LongAdder fetches = new LongAdder();
  private final LongAdder fetchedBytes = new LongAdder();

  DiskBackedExtentCache(ExtentCache memory, DiskTier disk, LocalFiles localFiles) {
    this.memory = memory;
    this.disk = disk;
    this.places = new KeptPlaces(localFiles);
    this.index = new IndexMemory(memory.workingMemory());
    index.atLeast(disk.indexBytes());
  }

  /**
   * Puts a tier on disk beneath a cache in memory. Reads headers of what is there, and so blocks. A
   * directory that cannot be used is left out with a warning.
   *
   * @param memory closed with the cache that is returned
   * @param memorySettings what it was made with; the disk has the same policy, compression and ttl
   */
  public static DiskBackedExtentCache over(
      ExtentCache memory, CacheSettings memorySettings, DiskSettings settings) {
    DiskTier disk =
        new DiskTier(
            settings, DiskTier.Setup.of(memorySettings), memory, memorySettings.memoryBytes());
    return new DiskBackedExtentCache(memory, disk, settings.localFiles());
  }

  /** Names what is on disk, the same in the next process that finds it; empty if no disk works. */
  public Optional<UUID> identity() {
    return Optional.ofNullable(disk.identity());
  }

  /** Bytes that the disks keep from epoch to epoch. */
  public long retainableBytes() {
    return disk.retainableBytes();
  }

  /** How many bytes of the origin a byte on disk stands for at the moment. */
  public double expansion() {
    return disk.expansion();
  }

  /** Whether objects below a place are kept on disk. May block. */
  public boolean keeps(ObjectLocation place) {
    return places.keepsBelow(place);
  }

  /** How many pins an extent has, and whether its bytes turned out to be wrong meanwhile. */
  private static final class Held {
    private int pins;
    private volatile boolean discarded;
  }

  @Override
  public PinnedExtent acquire(Extent extent, ExtentFetcher fetcher, Access access)
      throws IOException, InterruptedException {
    if (!places.keeps(extent.object())) {
      return memory.acquire(extent, (wanted, target) -> fetch(fetcher, wanted, target), access);
    }
    while (true) {
      Pin pin = acquireKept(extent, fetcher, access);
      if (pin != null) {
        return pin;
      }
    }
  }

  /** A pin; null if what was read from disk turned out to be wrong meanwhile. */
  private @Nullable Pin acquireKept(Extent extent, ExtentFetcher fetcher, Access access)
      throws IOException, InterruptedException {
    Held noted = hold(extent);
    boolean pinned = false;
    try {
      Fetch fetch = new Fetch(fetcher, noted);
      PinnedExtent found = memory.acquire(extent, fetch, access);
      if (fetch.isFromDisk() && noted.discarded) {
        found.close();
        discard(extent); // again: who waited for this read has the bytes, too
        return null;
      }
      pinned = true;
      return new Pin(extent, found, touch(extent, found, fetch, access), access, noted);
    } finally {
      if (!pinned) {
        letGo(extent, noted);
      }
    }
  }

  private Held hold(Extent extent) {
    return held.compute(
        extent,
        (key, known) -> {
          Held now = known == null ? new Held() : known;
          now.pins++;
          return now;
        });
  }

  private void letGo(Extent extent, Held noted) {
    held.compute(
        extent,
        (key, known) -> {
          noted.pins--;
          return known == noted && noted.pins == 0 ? null : known;
        });
  }

  /** What asking was, seen over both tiers. */
  private PinnedExtent.Touch touch(Extent extent, PinnedExtent found, Fetch fetch, Access access) {
    SegmentStore.Use use = disk.use(extent, access.purpose());
    if (found.touch() == PinnedExtent.Touch.FETCHED && !fetch.isFromDisk()) {
      return PinnedExtent.Touch.FETCHED;
    }
    if (fetch.isFromDisk()
        && use != null
        && use.intact()
        && use.fetchedNanos() == found.fetchedNanos()) {
      found.markIntact();
    }
    boolean again = found.touch() == PinnedExtent.Touch.AGAIN || (use != null && use.again());
    return again ? PinnedExtent.Touch.AGAIN : PinnedExtent.Touch.RESIDENT;
  }

  /** Brings an extent from disk if it is there, else from its origin. */
  private final class Fetch implements ExtentFetcher {

    private final ExtentFetcher origin;
    private final Held noted;

    /** Of what came from disk. */
    private OptionalLong fetchedNanos = OptionalLong.empty();

    private Fetch(ExtentFetcher origin, Held noted) {
      this.origin = origin;
      this.noted = noted;
    }

    @Override
    public void fetch(Extent extent, ByteChunks target) throws IOException {
      OptionalLong read = disk.read(extent, target);
      if (read.isPresent()) {
        if (!noted.discarded && isExpected(extent, target)) {
          fetchedNanos = read;
          return;
        }
        disk.discard(extent);
      }
      DiskBackedExtentCache.this.fetch(origin, extent, target);
    }

    /** What is taken up from disk keeps its age. */
    @Override
    public OptionalLong fetchedNanos() {
      return fetchedNanos;
    }

    private boolean isFromDisk() {
      return fetchedNanos.isPresent();
    }
  }

  private void fetch(ExtentFetcher origin, Extent extent, ByteChunks target) throws IOException {
    origin.fetch(extent, target);
    fetches.increment();
    fetchedBytes.add(extent.length());
  }

  /** Whether bytes have the checksum that is known of the extent: they may be of before that. */
  private boolean isExpected(Extent extent, ByteChunks bytes) {
    OptionalInt expected = memory.checksums().expected(extent);
    if (expected.isEmpty()) {
      return true;
    }
    CRC32C crc = new CRC32C();
    for (ByteChunks.Segment s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      crc.update(s.array(), s.offset(), s.length());
    }
    return (int) crc.getValue() == expected.getAsInt();
  }

  private final class Pin implements PinnedExtent {

    private final Extent extent;
    private final PinnedExtent pin;
    private final Touch touch;
    private final Access access;
    private final Held noted;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Pin(Extent extent, PinnedExtent pin, Touch touch, Access access, Held noted) {
      this.extent = extent;
      this.pin = pin;
      this.touch = touch;
      this.access = access;
      this.noted = noted;
    }

    @Override
    public ByteChunks bytes() {
      if (closed.get()) {
        throw new IllegalStateException("Cannot use " + extent + ": it was released");
      }
      return pin.bytes();
    }

    @Override
    public Touch touch() {
      return touch;
    }

    @Override
    public long fetchedNanos() {
      return pin.fetchedNanos();
    }

    @Override
    public boolean isIntact() {
      return pin.isIntact();
    }

    @Override
    public void markIntact() {
      pin.markIntact();
      disk.markIntact(extent, pin.fetchedNanos());
    }

    @Override
    public void close() {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      boolean taken = false;
      try {
        taken =
            access.retain()
                && !noted.discarded
                && disk.offer(extent, pin, List.of(access.purpose()));
        if (taken && noted.discarded) {
          disk.discard(extent);
        }
      } finally {
        letGo(extent, noted);
        if (!taken) {
          pin.close();
        }
      }
      index.atLeast(disk.indexBytes());
    }
  }

  /**
   * Pins that are open lose their claim on the disk: none of them is offered after this. Twice:
   * between the tiers someone may pin the wrong bytes out of memory and offer them anew.
   */
  @Override
  public void discard(Extent extent) {
    discardOnDisk(extent);
    memory.discard(extent);
    discardOnDisk(extent);
  }

  private void discardOnDisk(Extent extent) {
    held.computeIfPresent(
        extent,
        (key, known) -> {
          known.discarded = true;
          return null;
        });
    disk.discard(extent);
  }

  @Override
  public boolean isResident(Extent extent) {
    return memory.isResident(extent) || disk.contains(extent);
  }

  @Override
  public boolean isOnItsWay(Extent extent) {
    return memory.isOnItsWay(extent);
  }

  @Override
  public ByteChunks allocate(long length) {
    return memory.allocate(length);
  }

  @Override
  public void release(ByteChunks chunks) {
    memory.release(chunks);
  }

  @Override
  public ByteBudget workingMemory() {
    return memory.workingMemory();
  }

  @Override
  public ExtentChecksums checksums() {
    return memory.checksums();
  }

  @Override
  public Registration register(AccessPlan plan) {
    Registration inMemory = memory.register(plan);
    setPlans(plan, true);
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        inMemory.close();
        setPlans(plan, false);
      }
    };
  }

  private void setPlans(AccessPlan plan, boolean lives) {
    synchronized (plans) {
      if (lives) {
        plans.add(plan);
      } else {
        removeOnce(plan);
      }
      disk.setPlans(plans);
    }
  }

  /** By identity: plans need no equality. */
  private void removeOnce(AccessPlan plan) {
    for (int i = 0; i < plans.size(); i++) {
      if (plans.get(i) == plan) {
        plans.remove(i);
        return;
      }
    }
  }

  @Override
  public CacheStatistics statistics() {
    CacheStatistics inMemory = memory.statistics();
    return new CacheStatistics(
        inMemory.capacityBytes(),
        inMemory.retainedBytes(),
        inMemory.workingBytes(),
        inMemory.workingPeakBytes(),
        inMemory.retainedExtents(),
        fetches.sum(),
        fetchedBytes.sum(),
        inMemory.evictions(),
        inMemory.rejections(),
        inMemory.expirations(),
        inMemory.bytesSaved(),
        disk.statistics());
  }

  @Override
  public void resetStatistics() {
    memory.resetStatistics();
    disk.resetStatistics();
    fetches.reset();
    fetchedBytes.reset();
  }

  /** The disk first: what waits to be written goes back to memory. */
  @Override
  public void clear() {
    List<Extent> writing = disk.clear();
    memory.clear();
    writing.forEach(memory::discard);
  }

  /** Writes what waits for that, for some seconds at most. */
  @Override
  public void close() {
    try {
      disk.close();
    } finally {
      index.close();
      memory.close();
    }
  }

  /** The memory of the index, which grows in steps and is given back at the end. */
  private static final class IndexMemory {

    private static final long STEP = 64 << 10;

    private final ByteBudget.Reservation reservation;
    private boolean closed;

    private IndexMemory(ByteBudget memory) {
      this.reservation = memory.reserveNow(0);
    }

    private synchronized void atLeast(long bytes) {
      if (!closed && bytes > reservation.bytes()) {
        reservation.growNow(Math.max(STEP, bytes - reservation.bytes()));
      }
    }

    private synchronized void close() {
      closed = true;
      reservation.close();
    }
  }
}
