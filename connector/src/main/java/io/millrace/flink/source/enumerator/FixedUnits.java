// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The units of a dataset that is looked at once, when the scan begins or is restored: those of the
 * open epoch, and of later ones if a restore accepted new shards.
 */
final class FixedUnits implements UnitFeed {

  private static final Logger LOG = LoggerFactory.getLogger(FixedUnits.class);

  private final SplitEnumeratorContext<MillraceSplit> context;
  private final EpochDiscovery discovery;
  private final MillraceEnumeratorState restored;
  private @Nullable EpochDataset dataset;
  private @Nullable UnitTable open;

  /** The same as the one of the open epoch unless it has more. */
  private @Nullable UnitTable later;

  /**
   * @param discovery finds the dataset; called once
   * @param restored with the shards that a checkpoint counts
   */
  FixedUnits(
      SplitEnumeratorContext<MillraceSplit> context,
      EpochDiscovery discovery,
      MillraceEnumeratorState restored) {
    this.context = context;
    this.discovery = discovery;
    this.restored = restored;
  }

  @Override
  public void start(Runnable found) {
    context.callAsync(
        this::look,
        (look, failure) -> {
          onLook(look, failure);
          found.run();
        });
  }

  private EpochDataset look() throws Exception {
    return restored.manifest().isPresent()
        ? discovery.restore(restored.manifest().get(), restored.shards())
        : discovery.find();
  }

  private void onLook(@Nullable EpochDataset look, @Nullable Throwable failure) {
    if (look == null) {
      throw new IllegalStateException(
          failure == null ? "Discovery found nothing" : failure.getMessage(), failure);
    }
    int incarnation = look.counted().incarnation();
    dataset = look;
    open = new UnitTable(look.open(), GenerationStart.FIRST, incarnation);
    later =
        look.hasMoreLater() ? new UnitTable(look.all(), GenerationStart.FIRST, incarnation) : open;
    log(look, later);
  }

  private static void log(EpochDataset found, UnitTable all) {
    LOG.info(
        "Dataset {} has {} shards, {} units, {} samples, {} bytes",
        found.root(),
        all.shards().size(),
        all.units(),
        all.shards().samples(),
        all.shards().storedBytes());
    if (found.hasMoreLater()) {
      LOG.info(
          "The open epoch of dataset {} goes on with the {} shards that it began with",
          found.root(),
          found.open().size());
    }
  }

  @Override
  public Optional<UnitTable> first() {
    return Optional.ofNullable(open);
  }

  @Override
  public Optional<UnitTable> next() {
    return Optional.empty();
  }

  @Override
  public Optional<UnitTable> later() {
    return later == open ? Optional.empty() : Optional.ofNullable(later);
  }

  @Override
  public boolean isChanged() {
    return dataset != null && dataset.changed();
  }

  @Override
  public Optional<ManifestDigest> manifest() {
    return dataset == null ? restored.manifest() : Optional.of(dataset.manifest());
  }

  @Override
  public EpochShards shards(UnitTable newest) {
    EpochShards counted = Objects.requireNonNull(dataset).counted();
    int all = counted.generations().size();
    return counted.at(newest == later ? all : counted.ofEpoch(), newest.units());
  }

  @Override
  public Optional<Generations> generations() {
    return Optional.empty();
  }
}
