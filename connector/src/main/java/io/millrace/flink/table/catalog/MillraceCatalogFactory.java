// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.catalog;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.format.DatasetFormats;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes catalogs with {@code 'type' = 'millrace'}. Beside the options here it takes those of a
 * table, but {@code path} of a dataset: they are the defaults of the catalog's tables.
 */
@PublicEvolving
public final class MillraceCatalogFactory implements CatalogFactory {

  /** Value of the option {@code type}. */
  public static final String IDENTIFIER = "millrace";

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Directory above the datasets, as a URI of a file system of Flink's. Others that hold"
                  + " the same may follow after semicolons, as in the option path of a table.");

  public static final ConfigOption<String> DEFAULT_DATABASE =
      ConfigOptions.key("default-database")
          .stringType()
          .defaultValue("default_database")
          .withDescription(
              "Name of the database that the directory itself is; its tables are the datasets"
                  + " directly in it.");

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(PATH);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = tableOptions();
    options.add(DEFAULT_DATABASE);
    return options;
  }

  /** The options that become defaults of tables. */
  private static Set<ConfigOption<?>> tableOptions() {
    Set<ConfigOption<?>> options = new LinkedHashSet<>(MillraceOptions.all());
    options.remove(MillraceOptions.PATH);
    options.add(FactoryUtil.SOURCE_PARALLELISM);
    return options;
  }

  @Override
  public Catalog createCatalog(Context context) {
    FactoryUtil.CatalogFactoryHelper helper = FactoryUtil.createCatalogFactoryHelper(this, context);
    helper.validate();
    Map<String, String> defaults = new HashMap<>();
    for (ConfigOption<?> option : tableOptions()) {
      String value = context.getOptions().get(option.key());
      if (value != null) {
        defaults.put(option.key(), value);
      }
    }
    String name = context.getName();
    String database = helper.getOptions().get(DEFAULT_DATABASE);
    if (database.isBlank()) {
      throw new ValidationException(
          "Cannot make catalog " + name + ": default-database must not be empty");
    }
    DatasetTree tree = tree(name, helper.getOptions().get(PATH), defaults);
    return new MillraceCatalog(name, database, tree, defaults);
  }

  /** Fails with the catalog, rather than with each of its tables, if an option cannot be used. */
  private static DatasetTree tree(String name, String path, Map<String, String> defaults) {
    if (path.isBlank()) {
      throw new ValidationException(
          "Cannot make catalog " + name + ": set path to the directory above the datasets");
    }
    try {
      DatasetPart root = DatasetPart.of(path, DatasetPart.AUTO);
      String format = defaults.getOrDefault(MillraceOptions.FORMAT.key(), DatasetPart.AUTO);
      if (!format.equals(DatasetPart.AUTO)) {
        DatasetFormats.load(MillraceCatalogFactory.class.getClassLoader()).named(format);
      }
      ScanSettings settings =
          ScanSettings.from(
              Configuration.fromMap(defaults), DatasetSpec.of(path, DatasetPart.AUTO));
      return new DatasetTree(root.locations(), settings.storage().toStorageSettings());
    } catch (IllegalArgumentException e) {
      ValidationException invalid =
          new ValidationException("Cannot make catalog " + name + ": " + e.getMessage());
      invalid.addSuppressed(e); // SQL clients show the last cause only
      throw invalid;
    }
  }
}
