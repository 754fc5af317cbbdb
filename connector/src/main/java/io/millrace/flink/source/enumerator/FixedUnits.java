// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetManifest;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The units of a dataset that is read once, and does not change. */
final class FixedUnits implements UnitFeed {

  private static final Logger LOG = LoggerFactory.getLogger(FixedUnits.class);

  private final SplitEnumeratorContext<MillraceSplit> context;
  private final Callable<DatasetManifest> discovery;
  private @Nullable ManifestDigest manifest;
  private @Nullable UnitTable table;

  /**
   * @param discovery finds the dataset; called once
   * @param restored the shards that a checkpoint counts, which must still be the same
   */
  FixedUnits(
      SplitEnumeratorContext<MillraceSplit> context,
      Callable<DatasetManifest> discovery,
      @Nullable ManifestDigest restored) {
    this.context = context;
    this.discovery = discovery;
    this.manifest = restored;
  }

  @Override
  public void start(Runnable found) {
    context.callAsync(
        discovery,
        (dataset, failure) -> {
          onDiscovered(dataset, failure);
          found.run();
        });
  }

  private void onDiscovered(@Nullable DatasetManifest dataset, @Nullable Throwable failure) {
    if (dataset == null) {
      throw new IllegalStateException(
          failure == null ? "Discovery found nothing" : failure.getMessage(), failure);
    }
    ManifestDigest found = ManifestDigest.of(dataset);
    if (manifest != null) {
      found.checkRestores(manifest);
    }
    manifest = found;
    table = new UnitTable(dataset);
    LOG.info(
        "Dataset {} has {} shards, {} units, {} samples, {} bytes",
        dataset.root(),
        dataset.shards().size(),
        table.units(),
        dataset.samples(),
        dataset.storedBytes());
  }

  @Override
  public Optional<UnitTable> first() {
    return Optional.ofNullable(table);
  }

  @Override
  public Optional<UnitTable> next() {
    return Optional.empty();
  }

  @Override
  public Optional<ManifestDigest> manifest() {
    return Optional.ofNullable(manifest);
  }

  @Override
  public Optional<Generations> generations() {
    return Optional.empty();
  }
}
