// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetFormats;
import io.millrace.format.DatasetManifest;
import io.millrace.format.PartitionTree;
import io.millrace.format.PartitionedDataset;
import io.millrace.format.SideBySide;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Finds the datasets in some partitions, some at a time. Other partitions are not looked at.
 *
 * @param part with partitions
 * @param decorated the store
 * @param errors what is done about what cannot be read
 */
record PartitionDiscovery(
    DatasetPart part,
    DatasetFormats formats,
    DecoratedObjectStore decorated,
    ErrorSettings errors) {

  DatasetManifest find() throws IOException {
    ObjectLocation root = part.root();
    ObjectStore store = decorated.replicated(part.locations());
    List<Callable<DatasetManifest>> requests = new ArrayList<>();
    for (String directory : part.partitions()) {
      requests.add(() -> find(store, root.resolve(directory)));
    }
    return PartitionedDataset.join(
        root, part.partitions(), SideBySide.all(requests, "find the datasets below " + root));
  }

  private DatasetManifest find(ObjectStore replicas, ObjectLocation directory) throws IOException {
    List<ObjectStatus> listing = replicas.list(directory);
    if (!formats.recognise(listing) && PartitionTree.arePartitions(listing)) {
      throw new IOException(
          "its directory "
              + directory
              + " is partitioned further, by "
              + PartitionTree.keysOf(listing).get(0)
              + ", others are not: move what lies in there, so that all have the same keys");
    }
    RootListedOnce store = new RootListedOnce(replicas, directory, listing);
    DatasetFormat format =
        part.format().equals(DatasetPart.AUTO)
            ? formats.detect(store, decorated.once(), directory)
            : formats.named(part.format());
    return DatasetDiscovery.discover(format, errors, store, directory);
  }
}
