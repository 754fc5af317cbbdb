// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.format.mds.ShardDescriptor.RawFile;
import io.millrace.format.mds.ShardEntry.Files;
import io.millrace.sample.Bytes;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes shards of an index's entries: finds their objects in listings (one a directory, none an
 * object) and checks that they are there and as long as the index says.
 */
final class ShardDiscovery {

  private final ObjectStore store;
  private final ObjectLocation root;
  private final ObjectLocation index;
  private final boolean lenient;
  private final Map<String, Map<String, ObjectStatus>> listings = new HashMap<>();
  private Bytes lastDescriptor = Bytes.EMPTY;

  /**
   * @param children what the root holds
   * @param lenient whether objects may be missing, or have other lengths than the index says
   */
  ShardDiscovery(
      ObjectStore store,
      ObjectLocation root,
      ObjectLocation index,
      List<ObjectStatus> children,
      boolean lenient) {
    this.store = store;
    this.root = root;
    this.index = index;
    this.lenient = lenient;
    this.listings.put("", byName(children));
  }

  /** Makes the shard of one entry. */
  Shard shard(int number, ShardEntry entry) throws IOException {
    checkPaths(entry.raw());
    Files zip = entry.zip();
    if (zip != null) {
      checkPaths(zip);
    }
    // The reference keeps either form of a shard; whichever is here serves.
    boolean inflate = zip != null && (exists(zip) || !exists(entry.raw()));
    Files stored = inflate && zip != null ? zip : entry.raw();
    List<ShardObject> objects = new ArrayList<>(2);
    objects.add(object(stored.data()));
    if (stored.meta() != null) {
      objects.add(object(stored.meta()));
    }
    ShardFile rawMeta = entry.raw().meta();
    ShardDescriptor descriptor =
        new ShardDescriptor(
            entry.layout(),
            inflate ? entry.compression() : null,
            rawFile(entry.raw().data(), inflate),
            rawMeta == null ? null : rawFile(rawMeta, inflate),
            entry.text(),
            entry.columns());
    UnitCut cut = UnitCut.of(descriptor, entry.samples(), objects);
    return new Shard(
        number,
        stored.data().path(),
        new ShardCut(0, entry.samples(), cut.samplesPerUnit(), cut.unitBytes()),
        objects,
        shared(descriptor.toBytes()));
  }

  /** Refuses names that may lead elsewhere, also of files that are not read: another tool may. */
  private void checkPaths(Files files) throws CorruptObjectException {
    checkPath(files.data());
    if (files.meta() != null) {
      checkPath(files.meta());
    }
  }

  private void checkPath(ShardFile file) throws CorruptObjectException {
    try {
      root.resolve(file.path());
    } catch (IllegalArgumentException e) {
      throw new CorruptObjectException(
          index,
          file.place().offset(),
          file.place().path() + ".basename is not usable: " + e.getMessage(),
          e);
    }
  }

  /**
   * Shards that are stored raw and have the same columns share one descriptor. Those of compressed
   * ones differ in lengths and hashes only, of which a list of shards keeps just that.
   */
  private Bytes shared(Bytes descriptor) {
    if (!descriptor.equals(lastDescriptor)) {
      lastDescriptor = descriptor;
    }
    return lastDescriptor;
  }

  private static RawFile rawFile(ShardFile raw, boolean inflate) {
    if (!inflate) {
      // The object's version has the length; without it the descriptors of all shards are equal.
      return new RawFile(0, null);
    }
    return new RawFile(raw.bytes(), PublishedHashes.fastest(raw).orElse(null));
  }

  private boolean exists(Files files) throws IOException {
    return find(files.data()).isPresent()
        && (files.meta() == null || find(files.meta()).isPresent());
  }

  private ShardObject object(ShardFile file) throws IOException {
    Optional<ObjectStatus> found = find(file);
    if (found.isEmpty() && lenient) {
      ObjectVersion asTheIndexSays = new ObjectVersion(file.bytes(), 0, "");
      return new ShardObject(file.path(), asTheIndexSays, PublishedHashes.fastest(file));
    }
    ObjectStatus status =
        found.orElseThrow(
            () ->
                new FileNotFoundException(
                    String.format(
                        Locale.ROOT,
                        "Cannot find %s, which %s of %s names",
                        root.resolve(file.path()),
                        file.place().path(),
                        index)));
    long length = status.version().length();
    if (length != file.bytes() && !lenient) {
      throw new CorruptObjectException(
          status.location(),
          length,
          String.format(
              Locale.ROOT,
              "it has %d bytes; %s of %s says %d",
              length,
              file.place().path(),
              index,
              file.bytes()));
    }
    return new ShardObject(file.path(), status.version(), PublishedHashes.fastest(file));
  }

  private Optional<ObjectStatus> find(ShardFile file) throws IOException {
    int slash = file.path().lastIndexOf('/');
    String directory = slash < 0 ? "" : file.path().substring(0, slash);
    Map<String, ObjectStatus> listing = listings.get(directory);
    if (listing == null) {
      listing = list(directory);
      listings.put(directory, listing);
    }
    return Optional.ofNullable(listing.get(file.path().substring(slash + 1)));
  }

  private Map<String, ObjectStatus> list(String directory) throws IOException {
    try {
      return byName(store.list(root.resolve(directory)));
    } catch (FileNotFoundException e) {
      // Then its objects are missing, which is said with the name of one.
      return Map.of();
    }
  }

  private static Map<String, ObjectStatus> byName(List<ObjectStatus> children) {
    Map<String, ObjectStatus> files = new HashMap<>();
    for (ObjectStatus child : children) {
      if (!child.directory()) {
        files.put(child.location().name(), child);
      }
    }
    return files;
  }
}
