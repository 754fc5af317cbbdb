// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ByteBudget;
import io.millrace.cache.Extent;
import io.millrace.cache.PinnedExtent;
import io.millrace.format.BadInput;
import io.millrace.format.ByteRange;
import io.millrace.format.ObjectRead;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.prefetch.OriginRequests;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A shard's bytes by way of the cache. Keeps what it read pinned, and counts everything against the
 * memory that was reserved for the unit. Opened and closed by one thread at a time.
 */
final class CachedShardInput implements ShardInput, AutoCloseable {

  private final UnitAccess access;
  private final ByteBudget.Reservation memory;
  private final OriginRequests requests;
  private final Map<Extent, PinnedExtent> pins = new HashMap<>();
  private final List<ByteChunks> scratch = new ArrayList<>();
  private final List<FirstTouch> touches = new ArrayList<>();
  private final Map<Extent, ShardObject> asked = new HashMap<>();
  private final Map<ShardObject, List<Extent>> fetchedUnverified = new HashMap<>();
  private final Set<ShardObject> verified = new HashSet<>();

  /** Of small files there are many, and each is asked for several times. */
  private final IdentityHashMap<ShardObject, ObjectLocation> locations = new IdentityHashMap<>();

  private final IdentityHashMap<ShardObject, PinnedExtent> whole = new IdentityHashMap<>();
  private long used;

  /** One that asks the origin at once. */
  CachedShardInput(UnitAccess access, ByteBudget.Reservation memory) {
    this(access, memory, OriginRequests.UNBOUNDED);
  }

  CachedShardInput(UnitAccess access, ByteBudget.Reservation memory, OriginRequests requests) {
    this.access = access;
    this.memory = memory;
    this.requests = requests;
  }

  @Override
  public ObjectLocation location(ShardObject object) {
    return locations.computeIfAbsent(object, access::location);
  }

  @Override
  public ByteChunks read(ShardObject object, ByteRange range) throws IOException {
    return read(object, extents(object, range), range.length());
  }

  private ByteChunks read(ShardObject object, List<Extent> extents, long length)
      throws IOException {
    if (extents.size() == 1) {
      return pin(object, extents.get(0)).bytes();
    }
    pinSideBySide(object, extents);
    byte[][] chunks = new byte[ByteChunks.chunkCount(length)][];
    int done = 0;
    for (Extent extent : extents) {
      byte[][] part = pin(object, extent).bytes().chunks();
      System.arraycopy(part, 0, chunks, done, part.length);
      done += part.length;
    }
    return ByteChunks.over(chunks, length);
  }

  private List<Extent> extents(ShardObject object, ByteRange range) throws IOException {
    ObjectVersion version = object.version();
    if (range.end() > version.length()) {
      throw new CorruptObjectException(
          location(object),
          version.length(),
          String.format(
              Locale.ROOT,
              "cannot read %d bytes at offset %d: the object ends before",
              range.length(),
              range.offset()));
    }
    return ExtentLayout.extents(location(object), version, range);
  }

  /** Pins the parts of a large object: those in the cache here, the others side by side. */
  private void pinSideBySide(ShardObject object, List<Extent> extents) throws IOException {
    List<PartRead> absent = new ArrayList<>();
    for (Extent extent : extents) {
      if (access.cache().isResident(extent)) {
        pin(object, extent);
      } else if (!pins.containsKey(extent)) {
        account(extent.length());
        asked.put(extent, object);
        absent.add(new PartRead(access, requests, object, extent));
      }
    }
    if (absent.isEmpty()) {
      return;
    }
    List<PartRead.Result> results;
    try {
      results = access.parallel().allLarge(absent, PartRead.Result::giveBack);
    } catch (InterruptedException e) {
      throw interrupted(absent.get(0).extent().object(), e);
    }
    for (PartRead.Result result : results) {
      Extent extent = result.read().extent();
      pins.put(extent, result.pinned());
      touched(object, extent, result.pinned().touch());
      if (result.unchecked()) {
        noteUnverified(object, extent);
      }
    }
  }

  private PinnedExtent pin(ShardObject object, Extent extent) throws IOException {
    PinnedExtent pinned = pins.get(extent);
    if (pinned == null) {
      account(extent.length());
      pinned = acquire(object, extent);
      pins.put(extent, pinned);
    }
    return pinned;
  }

  private PinnedExtent acquire(ShardObject object, Extent extent) throws IOException {
    asked.put(extent, object);
    boolean wasVerified = isVerified(extent);
    try {
      PinnedExtent pinned = access.acquire(object, extent, requests);
      note(object, extent, pinned.touch(), wasVerified);
      return pinned;
    } catch (InterruptedException e) {
      throw interrupted(extent.object(), e);
    }
  }

  static InterruptedIOException interrupted(ObjectLocation object, InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted =
        new InterruptedIOException("Interrupted while reading " + object);
    interrupted.initCause(e);
    return interrupted;
  }

  @Override
  public List<ByteChunks> readAll(List<ShardObject> objects) throws IOException {
    new GroupRead(this, access, requests, false).pin(objects);
    List<ByteChunks> all = new ArrayList<>(objects.size());
    for (ShardObject object : objects) {
      all.add(readWhole(object));
    }
    return all;
  }

  @Override
  public List<ObjectRead> readEach(List<ShardObject> objects) throws IOException {
    Map<Extent, IOException> failed = new GroupRead(this, access, requests, true).pin(objects);
    List<ObjectRead> each = new ArrayList<>(objects.size());
    for (ShardObject object : objects) {
      IOException failure = failed.get(wholeExtents(object).get(0));
      try {
        each.add(failure == null ? ObjectRead.of(readWhole(object)) : ObjectRead.failed(failure));
      } catch (IOException e) {
        if (!BadInput.is(e)) {
          throw e;
        }
        forget(object);
        each.add(ObjectRead.failed(e));
      }
    }
    return each;
  }

  @Override
  public ByteChunks readAgain(ShardObject object) throws IOException {
    forget(object);
    return readAll(List.of(object)).get(0);
  }

  /** Drops what is here of one object, as {@link #discard} does of all. */
  private void forget(ShardObject object) throws IOException {
    for (Extent extent : wholeExtents(object)) {
      access.versions(object).forget(extent);
      access.cache().discard(extent);
      asked.remove(extent);
      PinnedExtent pinned = pins.remove(extent);
      if (pinned != null) {
        pinned.close();
      }
    }
    whole.remove(object);
    fetchedUnverified.remove(object);
  }

  List<Extent> wholeExtents(ShardObject object) throws IOException {
    return extents(object, new ByteRange(0, object.version().length()));
  }

  boolean isPinned(Extent extent) {
    return pins.containsKey(extent);
  }

  /** Notes that an extent is going to be fetched. */
  void asks(ShardObject object, Extent extent) {
    asked.put(extent, object);
  }

  /** Pins an extent whose bytes are accounted for. */
  void hold(ShardObject object, Extent extent) throws IOException {
    pins.put(extent, acquire(object, extent));
  }

  /** Takes over what was pinned for it, whose bytes are accounted for. */
  void adopt(WholeRead.Result result) {
    WholeRead read = result.read();
    pins.put(read.extent(), result.pinned());
    touched(read.object(), read.extent(), result.pinned().touch());
    if (result.isUnchecked()) {
      noteUnverified(read.object(), read.extent());
    }
  }

  private ByteChunks readWhole(ShardObject object) throws IOException {
    List<Extent> extents = wholeExtents(object);
    if (extents.size() != 1) {
      return read(object, extents, object.version().length());
    }
    PinnedExtent pinned = pin(object, extents.get(0));
    whole.put(object, pinned);
    return pinned.bytes();
  }

  /** Known of objects of one extent: what is remembered of others would be in pieces. */
  @Override
  public boolean isIntact(ShardObject object) {
    PinnedExtent pinned = whole.get(object);
    return pinned != null && pinned.isIntact();
  }

  @Override
  public void markIntact(ShardObject object) {
    PinnedExtent pinned = whole.get(object);
    if (pinned != null) {
      pinned.markIntact();
    }
  }

  /** Whether each later fetch of the extent is checked by the cache. */
  private boolean isVerified(Extent extent) {
    return access.cache().checksums().isVerified(extent.object(), extent.version());
  }

  /**
   * @param wasVerified before it was acquired: what was fetched meanwhile may be other bytes
   */
  private void note(
      ShardObject object, Extent extent, PinnedExtent.Touch touch, boolean wasVerified) {
    touched(object, extent, touch);
    if (!wasVerified && touch == PinnedExtent.Touch.FETCHED) {
      noteUnverified(object, extent);
    }
  }

  private void noteUnverified(ShardObject object, Extent extent) {
    fetchedUnverified.computeIfAbsent(object, o -> new ArrayList<>()).add(extent);
  }

  private void touched(ShardObject object, Extent extent, PinnedExtent.Touch touch) {
    if (touch != PinnedExtent.Touch.AGAIN) {
      boolean resident = touch == PinnedExtent.Touch.RESIDENT;
      touches.add(new FirstTouch(object.root(), extent.length(), resident));
    }
  }

  @Override
  public boolean verifiesHashes() {
    return access.verifyHashes();
  }

  @Override
  public boolean verify(ShardObject object, List<ByteRange> ranges) throws IOException {
    if (!access.verifies(object)) {
      return false;
    }
    List<Extent> extents = new ArrayList<>();
    for (ByteRange range : ranges) {
      extents.addAll(extents(object, range));
    }
    Map<Extent, PinnedExtent> readBefore = Map.copyOf(pins);
    ObjectVerifier verifier =
        new ObjectVerifier(access.cache(), location(object), object.version(), object.hash().get());
    boolean verifiedNow =
        verifier.verify(
            extents,
            extent -> {
              PinnedExtent there = readBefore.get(extent);
              if (there != null) {
                return new ObjectVerifier.Held(there, () -> {});
              }
              PinnedExtent pinned = acquire(object, extent);
              return new ObjectVerifier.Held(pinned, pinned::close);
            });
    if (!verifiedNow) {
      checkPinnedBefore(object, verifier);
    }
    fetchedUnverified.remove(object);
    verified.add(object);
    return verifiedNow;
  }

  /**
   * Others verified it, perhaps with other bytes than those that are here: an extent may have been
   * found wrong and fetched anew at any time between.
   */
  private void checkPinnedBefore(ShardObject object, ObjectVerifier verifier)
      throws CorruptObjectException {
    for (Map.Entry<Extent, PinnedExtent> pin : pins.entrySet()) {
      if (pin.getKey().object().equals(location(object))) {
        verifier.checkReadBefore(pin.getKey(), pin.getValue().bytes());
      }
    }
  }

  /**
   * Drops all that was asked for here, pinned or not, because some of it is wrong: it is fetched
   * and, where it has a hash, verified again rather than served. What is known of it is forgotten:
   * it may be what is wrong.
   */
  void discard() {
    asked.forEach((extent, object) -> access.versions(object).forget(extent));
    drop();
  }

  /** The same, of what was fetched only: what was known before is right. */
  void drop() {
    // In this order: nobody else gets them once they are not pinned any more.
    asked.keySet().forEach(access.cache()::discard);
    asked.clear();
    pins.values().forEach(PinnedExtent::close);
    pins.clear();
    whole.clear();
  }

  /**
   * Checks that what was fetched is what discovery saw: by its hash if it was verified, else by its
   * checksum if it was fetched before, else by the object's version.
   *
   * @throws ObjectChangedException if an object was replaced meanwhile
   * @throws CorruptObjectException if another reader found a verified object to be wrong meanwhile,
   *     or bytes differ from those that were fetched before though the version does not
   */
  void checkFetched() throws IOException {
    for (ShardObject object : fetchedUnverified.keySet()) {
      if (verified.contains(object)) {
        throw new CorruptObjectException(
            location(object), 0, "bytes fetched after it was verified do not match any more");
      }
    }
    Set<ShardObject> unknown = new HashSet<>(fetchedUnverified.keySet());
    unknown.removeIf(this::passedBefore);
    try {
      if (!unknown.isEmpty()) {
        requests.look(
            () -> {
              access.checkVersions(unknown);
              return unknown;
            });
        for (ShardObject object : unknown) {
          notePassed(object);
        }
      }
    } catch (ObjectChangedException | CorruptObjectException e) {
      drop();
      throw e;
    }
    fetchedUnverified.clear();
  }

  /**
   * Whether all that is here of an object is as it was before, what others fetched included: they
   * may be about to find that it is not.
   */
  private boolean passedBefore(ShardObject object) {
    VersionChecks versions = access.versions(object);
    ObjectLocation location = location(object);
    return pins.entrySet().stream()
        .filter(pin -> pin.getKey().object().equals(location))
        .allMatch(pin -> versions.passedBefore(pin.getKey(), pin.getValue().bytes()));
  }

  private void notePassed(ShardObject object) throws CorruptObjectException {
    for (Extent extent : fetchedUnverified.getOrDefault(object, List.of())) {
      PinnedExtent pinned = pins.get(extent);
      if (pinned != null) {
        access.versions(object).passed(extent, pinned.bytes());
      }
    }
  }

  /** Takes what another one has read of the same unit, which then holds none of it. */
  void takeOver(CachedShardInput other) throws IOException {
    account(other.used);
    pins.putAll(other.pins);
    asked.putAll(other.asked);
    touches.addAll(other.touches);
    other.fetchedUnverified.forEach(
        (object, extents) -> extents.forEach(extent -> noteUnverified(object, extent)));
    other.pins.clear();
    other.fetchedUnverified.clear();
  }

  @Override
  public ByteChunks allocate(long length) throws IOException {
    account(length);
    ByteChunks memoryForDecoding = access.cache().allocate(length);
    scratch.add(memoryForDecoding);
    return memoryForDecoding;
  }

  @Override
  public void reserve(long bytes) throws IOException {
    account(bytes);
  }

  void account(long bytes) throws IOException {
    used += bytes;
    long capacity = access.cache().workingMemory().capacity();
    if (used > capacity || used < 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot open %s: it needs %d bytes of memory, but half of cache.memory.size is %d; set cache.memory.size to at least %d bytes",
              access.describe(),
              used,
              capacity,
              2 * used));
    }
    if (used > memory.bytes()) {
      memory.growNow(used - memory.bytes());
    }
  }

  /** Bytes pinned and allocated. */
  long memoryBytes() {
    return used;
  }

  /** Extents that this scan touched for the first time in the epoch, for the accounting. */
  List<FirstTouch> touches() {
    return touches;
  }

  /**
   * What it fetched and could not check, because something failed before, is not left to others.
   */
  @Override
  public void close() {
    try {
      fetchedUnverified.values().forEach(extents -> extents.forEach(access.cache()::discard));
    } finally {
      fetchedUnverified.clear();
      pins.values().forEach(PinnedExtent::close);
      pins.clear();
      whole.clear();
      scratch.forEach(access.cache()::release);
      scratch.clear();
    }
  }

  /**
   * An extent's first touch in an epoch.
   *
   * @param part which part of the dataset it is of
   * @param bytes its length
   * @param resident whether it was in the cache from before
   */
  record FirstTouch(int part, long bytes, boolean resident) {}
}
