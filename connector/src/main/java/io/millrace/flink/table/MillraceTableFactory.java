// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.OnChange;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.FoundPartitions;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tables with {@code 'connector' = 'millrace'}. The dataset is looked at whenever a query is
 * planned, so that whatever is wrong with the table shows there, in one message that says what to
 * change.
 */
@PublicEvolving
public final class MillraceTableFactory implements DynamicTableSourceFactory {

  /** Value of the option {@code connector}. */
  public static final String IDENTIFIER = "millrace";

  static final ConfigOption<String> PREFIX =
      ConfigOptions.key(DatasetOptions.PREFIX)
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Put, with a dot, before the names of the dataset's fields that are not renamed.");

  private static final Logger LOG = LoggerFactory.getLogger(MillraceTableFactory.class);

  private static final ConfigOption<Duration> CHECKPOINTING_INTERVAL =
      ConfigOptions.key("execution.checkpointing.interval").durationType().noDefaultValue();

  private static final String WATERMARK_OPTIONS = "scan.watermark.";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(MillraceOptions.PATH);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = new LinkedHashSet<>(MillraceOptions.all());
    options.remove(MillraceOptions.PATH);
    options.add(FactoryUtil.SOURCE_PARALLELISM);
    options.add(PREFIX);
    return options;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    validate(helper);
    checkWatermarkOptions(context.getCatalogTable().getOptions());
    ReadableConfig options = helper.getOptions();
    List<String> keys = context.getCatalogTable().getPartitionKeys();
    TablePartitions partitions =
        keys.isEmpty() ? null : partitions(options, context.getCatalogTable().getOptions(), keys);
    FoundDataset dataset = find(options, context.getCatalogTable().getOptions(), partitions);
    checkMode(dataset.settings(), context.getConfiguration());
    checkOneEpoch(dataset.settings(), context.getCatalogTable().getResolvedSchema());
    DataType row = context.getPhysicalRowDataType();
    List<RowColumn> columns = TableColumns.of(row, dataset, keys);
    if (partitions != null) {
      partitions.checkValues(columns, dataset.settings().dataset().location());
    }
    return new MillraceTableSource(
        new MillraceTableSource.TableScan(
            dataset,
            partitions,
            keys.size(),
            parallelism(options),
            columns,
            row,
            metadata(context.getCatalogTable().getResolvedSchema())));
  }

  /** What holds in one epoch, and not in the next, which has the same rows again. */
  private static void checkOneEpoch(ScanSettings settings, ResolvedSchema schema) {
    if (settings.epochs().selected() == 1) {
      return;
    }
    String what = "";
    String change = "";
    if (!schema.getWatermarkSpecs().isEmpty()) {
      what = "a watermark: event time begins anew with each epoch";
      change = "the WATERMARK";
    } else if (schema.getPrimaryKey().isPresent()) {
      what = "a primary key: each epoch has every row again";
      change = "the PRIMARY KEY";
    }
    if (!what.isEmpty()) {
      throw new ValidationException(
          "Cannot read the dataset at "
              + settings.dataset().location()
              + " in several epochs as a table with "
              + what
              + "; set scan.epochs to "
              + (settings.epochs().start().epoch() + 1)
              + ", or declare the table without "
              + change);
    }
  }

  /**
   * Flink takes these options of every table, but none but connectors that use them honours them.
   */
  private static void checkWatermarkOptions(Map<String, String> options) {
    options.keySet().stream()
        .filter(key -> key.startsWith(WATERMARK_OPTIONS))
        .sorted()
        .findFirst()
        .ifPresent(
            key -> {
              throw new ValidationException(
                  "Unsupported option '"
                      + key
                      + "': watermarks are Flink's alone here; leave it out, and for readers that"
                      + " are idle set table.exec.source.idle-timeout");
            });
  }

  private static @Nullable Integer parallelism(ReadableConfig options) {
    Integer parallelism = options.getOptional(FactoryUtil.SOURCE_PARALLELISM).orElse(null);
    if (parallelism != null && parallelism < 1) {
      throw new ValidationException(
          "Cannot use scan.parallelism = " + parallelism + ": it must be at least 1");
    }
    return parallelism;
  }

  private static void validate(FactoryUtil.TableFactoryHelper helper) {
    try {
      helper.validateExcept(DatasetOptions.ALIGN, DatasetOptions.RENAME);
    } catch (ValidationException e) {
      if (e.getCause() == null) {
        throw e;
      }
      // The option is named here, what is wrong with its value below.
      throw invalid(e.getMessage() + " " + lastCause(e).getMessage(), e);
    }
  }

  private static Throwable lastCause(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : lastCause(cause);
  }

  /** The table's columns that are metadata, by name. */
  private static Map<String, MetadataColumn> metadata(ResolvedSchema schema) {
    Map<String, MetadataColumn> metadata = new HashMap<>();
    for (Column column : schema.getColumns()) {
      if (column instanceof Column.MetadataColumn declared) {
        String key = declared.getMetadataKey().orElse(declared.getName());
        if (MetadataColumn.types().containsKey(key)) { // else the planner says so
          metadata.put(declared.getName(), MetadataColumn.named(key));
        }
      }
    }
    return metadata;
  }

  private static FoundDataset find(
      ReadableConfig options, Map<String, String> raw, @Nullable TablePartitions partitions) {
    try {
      return partitions == null
          ? FoundDataset.find(ScanSettings.from(options, DatasetOptions.of(raw)))
          : partitions.first();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw invalid(e.getMessage() + advice(e.getCause()), e);
    }
  }

  private static TablePartitions partitions(
      ReadableConfig options, Map<String, String> raw, List<String> keys) {
    try {
      ScanSettings settings = ScanSettings.from(options, DatasetOptions.of(raw));
      String instead = "";
      if (settings.dataset().parts().size() > 1) {
        instead = "options align.NAME.path: samples of other datasets belong to no partition";
      } else if (settings.epochs().discoveryInterval().isPresent()) {
        instead = "scan.discovery.interval: it finds no partitions that are added";
      } else if (settings.onChange() == OnChange.ACCEPT_NEW_SHARDS) {
        instead = settings.onChange().setting() + ": what is added to one is in between of others";
      }
      if (!instead.isEmpty()) {
        throw new ValidationException(
            "Cannot use PARTITIONED BY ("
                + String.join(", ", keys)
                + ") with "
                + instead
                + "; leave one of the two out");
      }
      return new TablePartitions(FoundPartitions.find(settings, keys));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw invalid(e.getMessage() + advice(e.getCause()), e);
    }
  }

  /** What to do about a failure whose message only says what happened. */
  static String advice(@Nullable Throwable cause) {
    if (cause instanceof AccessDeniedException) {
      return "; check the permissions of the user that Flink runs as";
    }
    return cause instanceof FileNotFoundException ? "; check the path" : "";
  }

  /** SQL clients show the last cause only, so that there must be none below the whole message. */
  private static ValidationException invalid(String message, RuntimeException origin) {
    ValidationException invalid = new ValidationException(message);
    invalid.addSuppressed(origin);
    return invalid;
  }

  private static void checkMode(ScanSettings settings, ReadableConfig session) {
    if (settings.epochs().isBounded()) {
      return;
    }
    if (session.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH) {
      throw new ValidationException(
          "Cannot read the dataset at "
              + settings.dataset().location()
              + " in batch mode: with "
              + (settings.epochs().discoveryInterval().isPresent()
                  ? "scan.discovery.interval it has no end; leave that out"
                  : "scan.epochs = unbounded it has no end; set scan.epochs to a number")
              + ", or set execution.runtime-mode to streaming");
    }
    if (session.getOptional(CHECKPOINTING_INTERVAL).isEmpty()) {
      LOG.warn(
          "Reading {} without an end and without checkpoints: after a failure it begins anew;"
              + " set execution.checkpointing.interval",
          settings.dataset().location());
    }
  }
}
