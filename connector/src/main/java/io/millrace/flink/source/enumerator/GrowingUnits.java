// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.enumerator.KnownGenerations.Candidate;
import io.millrace.flink.source.split.MillraceSplit;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The units of a dataset that grows: looks at it each interval, and makes what was added a
 * generation as soon as all before it is assigned.
 */
final class GrowingUnits implements UnitFeed {

  private static final Logger LOG = LoggerFactory.getLogger(GrowingUnits.class);

  /**
   * The second look comes no later, whatever the interval: files that must stay as they are from
   * one look to the next can be read after it.
   */
  private static final Duration SECOND_LOOK = Duration.ofSeconds(10);

  private final SplitEnumeratorContext<MillraceSplit> context;
  private final GenerationDiscovery discovery;
  private final Duration interval;
  private final LookFailures failures;

  /** Written by the enumerator's thread, read by the one that looks. */
  private volatile KnownGenerations known;

  private @Nullable Candidate candidate;
  private @Nullable UnitTable table;

  /**
   * @param interval from one look to the next
   * @param restored what a checkpoint counts
   */
  GrowingUnits(
      SplitEnumeratorContext<MillraceSplit> context,
      GenerationDiscovery discovery,
      Duration interval,
      LookFailures failures,
      Generations restored) {
    this.context = context;
    this.discovery = discovery;
    this.interval = interval;
    this.failures = failures;
    this.known = KnownGenerations.restored(restored);
  }

  @Override
  public void start(Runnable found) {
    context.callAsync(this::look, (look, failure) -> onLook(look, failure, found));
    long second = Math.min(interval.toMillis(), SECOND_LOOK.toMillis());
    context.callAsync(
        this::look, (look, failure) -> onLook(look, failure, found), second, interval.toMillis());
  }

  /** Looks follow each other, whatever the number of worker threads. */
  private synchronized DatasetLook look() throws Exception {
    return DatasetLook.at(discovery, known);
  }

  private void onLook(@Nullable DatasetLook look, @Nullable Throwable failure, Runnable found) {
    if (look == null) {
      failures.failed(
          failure == null ? new IllegalStateException("A look found nothing") : failure);
      return;
    }
    failures.succeeded();
    if (!look.before().generations().equals(known.generations())) {
      return; // A generation was opened meanwhile: the next look knows it.
    }
    known = look.after();
    candidate = look.next().orElse(null);
    if (table == null) {
      table = new UnitTable(look.open(), known.generations().finished().end());
      if (known.generations().open().isPresent()) {
        log("Going on with", table);
      }
    }
    found.run();
  }

  @Override
  public Optional<UnitTable> first() {
    return Optional.ofNullable(table);
  }

  @Override
  public Optional<UnitTable> next() {
    Candidate next = candidate;
    if (next == null || table == null) {
      return Optional.empty();
    }
    candidate = null;
    GenerationStart start = known.generations().open().isPresent() ? table.end() : table.start();
    known = known.advanced(start, next);
    table = new UnitTable(next.shards(), start);
    log("Found", table);
    return Optional.of(table);
  }

  private void log(String what, UnitTable units) {
    LOG.info(
        "{} generation {} of dataset {}: {} shards, {} units, {} samples, {} bytes",
        what,
        units.start().generation(),
        discovery.location(),
        units.shards().size(),
        units.units(),
        units.shards().samples(),
        units.shards().storedBytes());
  }

  @Override
  public Optional<ManifestDigest> manifest() {
    return Optional.empty();
  }

  @Override
  public Optional<Generations> generations() {
    return Optional.of(known.generations());
  }
}
