// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.scan.ScanContext;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.enumerator.EpochDiscovery;
import io.millrace.flink.source.enumerator.MillraceEnumerator;
import io.millrace.flink.source.enumerator.MillraceEnumeratorState;
import io.millrace.flink.source.enumerator.MillraceEnumeratorStateSerializer;
import io.millrace.flink.source.enumerator.ScanFingerprint;
import io.millrace.flink.source.reader.MillraceSourceReader;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.MillraceSplitSerializer;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.EpochProgress;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads a sharded training dataset for a number of epochs, each in an order of its own if it is
 * shuffled, through a cache and a prefetcher in every TaskManager. Each sample is emitted exactly
 * once an epoch, whatever fails meanwhile.
 *
 * <pre>{@code
 * MillraceSource<Sample> source =
 *     MillraceSource.builder().path("s3://bucket/imagenet").scanEpochs(3).scanShuffle(true).build();
 * env.fromSource(source, WatermarkStrategy.noWatermarks(), "imagenet");
 * }</pre>
 *
 * @param <T> what it emits
 */
@PublicEvolving
public final class MillraceSource<T>
    implements Source<T, MillraceSplit, MillraceEnumeratorState>, ResultTypeQueryable<T> {

  private static final long serialVersionUID = 1L;

  private final ScanSettings settings;
  private final DatasetSummary dataset;
  private final DatasetSummary selected;
  private final Schema projection;
  private final RecordFormat<T> records;
  private final UUID scanId = UUID.randomUUID();

  /**
   * @param dataset what was found
   * @param selected what the settings select of it
   */
  MillraceSource(
      ScanSettings settings,
      DatasetSummary dataset,
      DatasetSummary selected,
      Schema projection,
      RecordFormat<T> records) {
    this.settings = settings;
    this.dataset = dataset;
    this.selected = selected;
    this.projection = projection;
    this.records = records;
  }

  public static MillraceSourceBuilder builder() {
    return new MillraceSourceBuilder();
  }

  /** What was found at the path when the source was built. */
  public DatasetSummary dataset() {
    return dataset;
  }

  /** The fields of the samples that it emits. */
  public Schema schema() {
    return projection;
  }

  /** Identifies this source's readers in {@link io.millrace.flink.source.reader.LocalScans}. */
  public UUID scanId() {
    return scanId;
  }

  @Override
  public Boundedness getBoundedness() {
    return settings.epochs().isBounded() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return records.producedType(projection);
  }

  @Override
  public SourceReader<T, MillraceSplit> createReader(SourceReaderContext context) {
    return MillraceSourceReader.create(
        context, new ScanContext<>(scanId, settings, selected, projection, records));
  }

  @Override
  public SplitEnumerator<MillraceSplit, MillraceEnumeratorState> createEnumerator(
      SplitEnumeratorContext<MillraceSplit> context) {
    return enumerator(
        context,
        new MillraceEnumeratorState(
            fingerprint(),
            Optional.empty(),
            EpochProgress.start(firstEpoch()).snapshot(),
            List.of()));
  }

  @Override
  public SplitEnumerator<MillraceSplit, MillraceEnumeratorState> restoreEnumerator(
      SplitEnumeratorContext<MillraceSplit> context, MillraceEnumeratorState checkpoint) {
    return enumerator(
        context,
        new MillraceEnumeratorState(
            checkpoint.fingerprint().orSelecting(fingerprint().selection().orElseThrow()),
            checkpoint.manifest(),
            checkpoint.generations(),
            // Without a dataset nothing was read: it begins where this job's options say.
            checkpoint.isBegun()
                ? checkpoint.progress()
                : EpochProgress.start(firstEpoch()).snapshot(),
            checkpoint.returned(),
            checkpoint.readersHold(),
            checkpoint.skipped(),
            checkpoint.shards()));
  }

  private MillraceEnumerator enumerator(
      SplitEnumeratorContext<MillraceSplit> context, MillraceEnumeratorState state) {
    // Not here: a job whose enumerator fails to be restored hangs in Flink.
    Runnable check = () -> fingerprint().checkRestores(state.fingerprint());
    if (settings.epochs().discoveryInterval().isEmpty()) {
      Callable<DatasetManifest> discovery = checkedDiscovery();
      return MillraceEnumerator.ofEpochs(
          context,
          new EpochDiscovery(
              () -> {
                check.run();
                return discovery.call();
              },
              GrowthDiscovery.between(settings, dataset, check),
              settings.onChange()),
          settings.epochs(),
          settings.errors(),
          settings.assignment(),
          state);
    }
    return MillraceEnumerator.ofGrowing(
        context,
        GrowthDiscovery.of(settings, dataset, check),
        settings.epochs(),
        settings.errors(),
        settings.storage().retryTimeout(),
        state);
  }

  /** Without an epoch to read the enumerator ends at once, wherever it begins. */
  private int firstEpoch() {
    return settings.epochs().first().orElse(settings.epochs().start().epoch());
  }

  private ScanFingerprint fingerprint() {
    return new ScanFingerprint(
        dataset.format(),
        settings.epochs().shuffle(),
        settings.epochs().seed(),
        EpochOrder.ALGORITHM_VERSION,
        settings.epochs().discoveryInterval().isPresent(),
        Optional.of(settings.selected()));
  }

  /** Discovery in the enumerator: the fields that the job was built for must still be there. */
  private Callable<DatasetManifest> checkedDiscovery() {
    DatasetDiscovery discovery = new DatasetDiscovery(settings);
    Schema expected = dataset.schema();
    return () -> {
      DatasetManifest manifest = discovery.find().manifest();
      if (!manifest.schema().equals(expected)) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "Cannot read the dataset at %s: its fields are %s, but the job was built for %s",
                settings.dataset().location(),
                manifest.schema(),
                expected));
      }
      return manifest;
    };
  }

  @Override
  public SimpleVersionedSerializer<MillraceSplit> getSplitSerializer() {
    return new MillraceSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<MillraceEnumeratorState> getEnumeratorCheckpointSerializer() {
    return new MillraceEnumeratorStateSerializer();
  }
}
