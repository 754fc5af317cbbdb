// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.MillraceSource;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsAggregatePushDown;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsPartitionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsStatisticReport;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.AggregateExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.plan.stats.TableStats;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A scan of a dataset as the planner shapes it. Its methods are called on the client only; what the
 * readers need is in the source that it makes.
 */
final class MillraceTableSource
    implements ScanTableSource,
        SupportsProjectionPushDown,
        SupportsReadingMetadata,
        SupportsFilterPushDown,
        SupportsLimitPushDown,
        SupportsAggregatePushDown,
        SupportsPartitionPushDown,
        SupportsStatisticReport {

  /** What the planner calls COUNT(*); its class is hidden from connectors. */
  private static final String COUNT_ALL = "Count1AggFunction";

  /** Of partitions that are none. */
  private static final ScanSelection NOTHING =
      new ScanSelection(ShardNames.ALL, EpochRanges.ALL.not(), ScanSelection.NO_LIMIT);

  private final TableScan table;

  // What the planner has pushed.
  private List<RowColumn> columns;
  private DataType columnTypes;
  private List<MetadataColumn> metadata = List.of();
  private ScanSelection selection = ScanSelection.ALL;
  private boolean filtersRemain;

  /** Null for all. */
  private @Nullable List<Map<String, String>> selectedPartitions;

  /** Type of the counts that are asked for instead of rows; null for rows. */
  private @Nullable DataType counts;

  MillraceTableSource(TableScan table) {
    this.table = table;
    this.columns = table.columns();
    this.columnTypes = table.row();
  }

  /**
   * The table.
   *
   * @param dataset its dataset; of one with partitions what is in the first one
   * @param partitions its partitions; null if it has none
   * @param partitionKeys how many directories above a dataset make a partition
   * @param parallelism of the scan; null for Flink's
   * @param columns all that are declared and no metadata
   * @param row their types
   * @param metadata those that are, by name
   */
  record TableScan(
      FoundDataset dataset,
      @Nullable TablePartitions partitions,
      int partitionKeys,
      @Nullable Integer parallelism,
      List<RowColumn> columns,
      DataType row,
      Map<String, MetadataColumn> metadata) {

    TableScan {
      columns = List.copyOf(columns);
      metadata = Map.copyOf(metadata);
    }
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    if (counts != null) {
      return new CountScan(
          rows(), DataType.getFieldCount(counts), context.createTypeInformation(counts));
    }
    TypeInformation<RowData> type = context.createTypeInformation(producedType());
    RowRecordFormat records = new RowRecordFormat(type, columns, metadata, table.partitionKeys());
    MillraceTableSource pushed = copy();
    return new RowSource(() -> pushed.source(records), epochs().isBounded(), table.parallelism());
  }

  private MillraceSource<RowData> source(RowRecordFormat records) {
    FoundDataset dataset = dataset();
    try {
      return dataset == null
          ? table.dataset().source(records.fields(), NOTHING, records)
          : dataset.source(records.fields(), selection, records);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** The dataset in the partitions that are read; null if they are none. */
  private @Nullable FoundDataset dataset() {
    try {
      return table.partitions() == null
          ? table.dataset()
          : table.partitions().dataset(selectedPartitions);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw invalid(e);
    }
  }

  private static ValidationException invalid(RuntimeException e) {
    ValidationException invalid =
        new ValidationException(e.getMessage() + MillraceTableFactory.advice(e.getCause()));
    invalid.addSuppressed(e); // SQL clients show the last cause only
    return invalid;
  }

  private DataType producedType() {
    List<DataTypes.Field> fields = new ArrayList<>(DataType.getFields(columnTypes));
    metadata.forEach(column -> fields.add(DataTypes.FIELD("$" + column.key(), column.type())));
    return DataTypes.ROW(fields).notNull();
  }

  @Override
  public boolean supportsNestedProjection() {
    return true;
  }

  @Override
  public void applyProjection(int[][] projectedFields, DataType producedDataType) {
    List<RowColumn> projected = new ArrayList<>();
    for (int[] path : projectedFields) {
      projected.add(table.columns().get(path[0]).part(path));
    }
    columns = projected;
    columnTypes = producedDataType;
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return MetadataColumn.types();
  }

  @Override
  public void applyReadableMetadata(List<String> metadataKeys, DataType producedDataType) {
    metadata = metadataKeys.stream().map(MetadataColumn::named).toList();
  }

  @Override
  public Result applyFilters(List<ResolvedExpression> filters) {
    SelectionFilter understood = new SelectionFilter(table.metadata());
    List<ResolvedExpression> accepted = new ArrayList<>();
    List<ResolvedExpression> remaining = new ArrayList<>();
    for (ResolvedExpression filter : filters) {
      ScanSelection selected = understood.of(filter);
      if (selected == null) {
        remaining.add(filter);
      } else {
        accepted.add(filter);
        selection = selection.and(selected);
      }
    }
    filtersRemain = !remaining.isEmpty();
    return Result.of(accepted, remaining);
  }

  @Override
  public Optional<List<Map<String, String>>> listPartitions() {
    return Optional.ofNullable(table.partitions()).map(TablePartitions::specs);
  }

  @Override
  public void applyPartitions(List<Map<String, String>> remainingPartitions) {
    selectedPartitions = remainingPartitions;
  }

  /** Flink limits the rows itself, too; of samples that may be left out nobody knows how many. */
  @Override
  public void applyLimit(long limit) {
    if (limit >= 0
        && !mayLeaveOut()) { // Flink adds LIMIT and OFFSET as ints: past those, there is nothing to
      // limit
      selection = selection.limitedTo(limit);
    }
  }

  @Override
  public boolean applyAggregates(
      List<int[]> groupingSets,
      List<AggregateExpression> aggregateExpressions,
      DataType producedDataType) {
    boolean whole = groupingSets.size() == 1 && groupingSets.get(0).length == 0;
    boolean countsOnly =
        !aggregateExpressions.isEmpty()
            && aggregateExpressions.stream().allMatch(MillraceTableSource::isCountOfAll);
    if (!whole
        || !countsOnly
        || filtersRemain
        || selection.limit() != ScanSelection.NO_LIMIT
        || mayLeaveOut()
        || !epochs().isBounded()
        || epochs().selecting(selection).startsWithinEpoch()
        || rows() == Long.MAX_VALUE) {
      return false;
    }
    counts = producedDataType;
    return true;
  }

  private static boolean isCountOfAll(AggregateExpression aggregate) {
    return aggregate.getFunctionDefinition().getClass().getSimpleName().equals(COUNT_ALL)
        && aggregate.getArgs().isEmpty()
        && aggregate.getFilterExpression().isEmpty()
        && !aggregate.isDistinct();
  }

  @Override
  public TableStats reportStatistics() {
    return counts == null && epochs().isBounded() ? new TableStats(rows()) : TableStats.UNKNOWN;
  }

  /**
   * Rows of the scan, if it is bounded; {@link Long#MAX_VALUE} if they cannot be counted. If it
   * starts within an epoch, about so many.
   */
  private long rows() {
    EpochSettings selected = epochs().selecting(selection);
    long epochs = selected.selected();
    FoundDataset dataset = dataset();
    if (dataset == null) {
      return 0;
    }
    long samples = dataset.samplesPerEpoch(selection);
    boolean countable = epochs == 0 || samples <= Long.MAX_VALUE / epochs;
    long rows = countable ? samples * epochs : Long.MAX_VALUE;
    if (countable && selected.startsWithinEpoch()) {
      double units = Math.max(1, dataset.summary().units());
      rows -= (long) (samples * Math.min(1, selected.start().rank() / units));
    }
    return Math.min(rows, selection.limit());
  }

  /** Whether there may be fewer rows than samples. */
  private boolean mayLeaveOut() {
    return table.dataset().settings().errors().skips();
  }

  private EpochSettings epochs() {
    return table.dataset().settings().epochs();
  }

  @Override
  public MillraceTableSource copy() {
    MillraceTableSource copy = new MillraceTableSource(table);
    copy.columns = columns;
    copy.columnTypes = columnTypes;
    copy.metadata = metadata;
    copy.selection = selection;
    copy.filtersRemain = filtersRemain;
    copy.selectedPartitions = selectedPartitions;
    copy.counts = counts;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "Millrace "
        + table.dataset().summary().format()
        + " at "
        + table.dataset().settings().dataset().location();
  }
}
