// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetFormats;
import io.millrace.format.DatasetManifest;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Finds a scan's dataset: on the client when the job is built, in the enumerator when it runs. */
record DatasetDiscovery(ScanSettings settings) implements Callable<DatasetManifest> {

  @Override
  public DatasetManifest call() throws IOException {
    DatasetPart part = settings.dataset().parts().get(0);
    ObjectLocation root = part.root();
    DatasetFormats formats = DatasetFormats.load(DatasetDiscovery.class.getClassLoader());
    try (FlinkObjectStore base = new FlinkObjectStore();
        DecoratedObjectStore decorated =
            ObjectStores.decorated(
                base, settings.storage().toStorageSettings(), new OriginCounters())) {
      ObjectStore store = decorated.replicated(part.locations());
      DatasetFormat format =
          part.format().equals(DatasetPart.AUTO)
              ? formats.detect(store, root)
              : formats.named(part.format());
      return format.discover(store, root);
    }
  }
}
