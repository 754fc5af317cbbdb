// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.DatasetSpec;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.FoundDataset;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
    ReadableConfig options = helper.getOptions();
    FoundDataset dataset = find(options, context.getCatalogTable().getOptions());
    checkMode(dataset.settings(), context.getConfiguration());
    DataType row = context.getPhysicalRowDataType();
    return new MillraceTableSource(
        new MillraceTableSource.TableScan(
            dataset,
            options.getOptional(FactoryUtil.SOURCE_PARALLELISM).orElse(null),
            TableColumns.of(row, dataset),
            row,
            metadata(context.getCatalogTable().getResolvedSchema())));
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

  private static FoundDataset find(ReadableConfig options, Map<String, String> raw) {
    try {
      DatasetSpec spec = DatasetOptions.of(raw);
      return FoundDataset.find(ScanSettings.from(options, spec));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw invalid(e.getMessage() + advice(e.getCause()), e);
    }
  }

  /** What to do about a failure whose message only says what happened. */
  private static String advice(@Nullable Throwable cause) {
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
