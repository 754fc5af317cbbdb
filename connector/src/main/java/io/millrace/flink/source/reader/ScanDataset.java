// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.Extent;
import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.PartSummary;
import io.millrace.flink.scan.ScanContext;
import io.millrace.format.DatasetFormats;
import io.millrace.format.ShardOpener;
import io.millrace.format.aligned.AlignedOpener;
import io.millrace.format.aligned.RenamedOpener;
import io.millrace.storage.ObjectLocation;
import java.util.ArrayList;
import java.util.List;

/**
 * A scan's dataset as its readers see it: how it is opened, and which of its bytes they need how
 * often.
 *
 * @param opener opens its shards
 * @param directories those that are read
 * @param storedBytes bytes under them
 */
record ScanDataset(ShardOpener opener, List<Directory> directories, long storedBytes) {

  /**
   * What lies under one root.
   *
   * @param prefix the root's URI with a slash
   * @param readsPerEpoch how often each byte is needed in an epoch
   * @param shared whether some are needed for several units, such as a shard's offset table
   */
  record Directory(String prefix, double readsPerEpoch, boolean shared) {

    /** Sizes of compressed parts are estimates: their rounding is no second read. */
    private static final double MORE_THAN_ONCE = 1.001;

    static Directory of(ObjectLocation root, double readsPerEpoch, boolean shared) {
      String uri = root.uri();
      return new Directory(uri.endsWith("/") ? uri : uri + "/", readsPerEpoch, shared);
    }

    static Directory of(ObjectLocation root, PartSummary part) {
      double reads = part.readsPerEpoch();
      boolean again = reads > MORE_THAN_ONCE;
      return of(root, again ? reads : 1, again || part.units() > part.shards());
    }
  }

  static ScanDataset of(ScanContext<?> scan, DatasetFormats formats) {
    List<DatasetPart> parts = scan.settings().dataset().parts();
    List<PartSummary> found = scan.dataset().parts();
    if (found.isEmpty()) {
      return new ScanDataset(
          formats.named(scan.dataset().format()),
          List.of(Directory.of(parts.get(0).root(), 1, false)),
          scan.dataset().storedBytes());
    }
    List<RenamedOpener> openers = new ArrayList<>();
    List<Directory> directories = new ArrayList<>();
    long storedBytes = 0;
    for (int i = 0; i < found.size(); i++) {
      PartSummary part = found.get(i);
      RenamedOpener opener =
          new RenamedOpener(formats.named(part.format()), part.schema(), parts.get(i).names());
      openers.add(opener);
      // Nothing of a part is read of which nothing is projected.
      if (scan.projection().fields().stream().anyMatch(field -> opener.has(field.name()))) {
        directories.add(Directory.of(parts.get(i).root(), part));
        storedBytes += part.storedBytes();
      }
    }
    ShardOpener opener = openers.size() == 1 ? openers.get(0) : new AlignedOpener(openers);
    return new ScanDataset(opener, directories, storedBytes);
  }

  /** What the cache is told of the future. */
  AccessPlan plan() {
    return new Plan(directories, storedBytes);
  }

  private record Plan(List<Directory> directories, long bytes) implements AccessPlan {

    @Override
    public double readsPerEpoch(Extent extent) {
      String uri = extent.object().uri();
      double reads = 0;
      for (Directory directory : directories) {
        if (uri.startsWith(directory.prefix)) {
          reads += directory.readsPerEpoch;
        }
      }
      return reads;
    }
  }

  /** Whether some bytes are read again in the same epoch, for another shard of the scan. */
  boolean sharesBytes() {
    return directories.stream().anyMatch(Directory::shared);
  }
}
