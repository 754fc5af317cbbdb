// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.catalog;

import io.millrace.flink.scan.DatasetSpec;
import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.FoundPartitions;
import io.millrace.flink.table.InferredTable;
import io.millrace.flink.table.MillraceTableFactory;
import io.millrace.format.PartitionPath;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogDatabaseImpl;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotPartitionedException;
import org.apache.flink.table.catalog.stats.CatalogColumnStatistics;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The datasets below a directory as tables. The directory is the default database; a directory in
 * it is a table if it holds a dataset, else a database. A database further down has a name with
 * slashes; it is there when it is asked for, but not listed, because that would mean to walk the
 * whole tree.
 *
 * <p>Nothing is cached: each call asks the store and blocks on it. What the store fails with is a
 * {@link CatalogException} that names operation and location.
 */
@PublicEvolving
public final class MillraceCatalog extends ReadOnlyCatalog {

  private final DatasetTree tree;
  private final Map<String, String> defaults;

  /**
   * Makes a catalog.
   *
   * @param defaults options of every table, but its path
   */
  MillraceCatalog(
      String name, String defaultDatabase, DatasetTree tree, Map<String, String> defaults) {
    super(name, defaultDatabase);
    this.tree = tree;
    this.defaults = Map.copyOf(defaults);
  }

  /** Checks that the directory is there and no dataset itself. */
  @Override
  public void open() {
    switch (kind("")) {
      case FOLDER -> {}
      case DATASET, PARTITIONED ->
          throw new CatalogException(
              "Cannot open catalog "
                  + getName()
                  + ": a dataset lies in "
                  + location()
                  + " itself; set path to the directory above it");
      case NOTHING ->
          throw new CatalogException(
              "Cannot open catalog "
                  + getName()
                  + ": there is no directory "
                  + location()
                  + "; check path");
    }
  }

  /** Does nothing: nothing is kept open. */
  @Override
  public void close() {}

  @Override
  String location() {
    return tree.location();
  }

  @Override
  public Optional<Factory> getFactory() {
    return Optional.of(new MillraceTableFactory());
  }

  @Override
  public List<String> listDatabases() {
    List<String> databases = new ArrayList<>();
    databases.add(getDefaultDatabase());
    children("").ifPresent(found -> databases.addAll(found.folders()));
    return databases.stream().distinct().toList();
  }

  @Override
  public boolean databaseExists(String name) {
    return kind(pathOf(name)) == DatasetTree.Kind.FOLDER;
  }

  @Override
  public CatalogDatabase getDatabase(String name) throws DatabaseNotExistException {
    if (!databaseExists(name)) {
      throw new DatabaseNotExistException(getName(), name);
    }
    String where = text(tree.locations(pathOf(name)));
    return new CatalogDatabaseImpl(Map.of(), "Datasets in " + where);
  }

  @Override
  public List<String> listTables(String database) throws DatabaseNotExistException {
    return children(pathOf(database))
        .orElseThrow(() -> new DatabaseNotExistException(getName(), database))
        .datasets();
  }

  @Override
  public boolean tableExists(ObjectPath path) {
    return look(pathOf(path)).isTable();
  }

  @Override
  public CatalogBaseTable getTable(ObjectPath path) throws TableNotExistException {
    DatasetTree.Look look = table(path);
    Map<String, String> options = new HashMap<>(defaults);
    options.put(FactoryUtil.CONNECTOR.key(), MillraceTableFactory.IDENTIFIER);
    options.put(MillraceOptions.PATH.key(), option(path));
    DatasetSummary dataset;
    String comment;
    try {
      ScanSettings settings = settings(path);
      if (look.keys().isEmpty()) {
        dataset = FoundDataset.find(settings, look.entries()).summary();
        comment = InferredTable.comment(dataset);
      } else {
        FoundPartitions partitions = FoundPartitions.find(settings, look.keys());
        dataset = partitions.first().summary();
        comment = InferredTable.comment(dataset, partitions.all().size(), look.keys());
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw failed("describe table " + path + " of", e);
    }
    return CatalogTable.newBuilder()
        .schema(InferredTable.schema(dataset, look.keys()))
        .comment(comment)
        .partitionKeys(look.keys())
        .options(options)
        .build();
  }

  private DatasetTree.Look table(ObjectPath path) throws TableNotExistException {
    DatasetTree.Look look = look(pathOf(path));
    if (!look.isTable()) {
      throw new TableNotExistException(getName(), path);
    }
    return look;
  }

  private ScanSettings settings(ObjectPath path) {
    Configuration config = Configuration.fromMap(defaults);
    return ScanSettings.from(
        config, DatasetSpec.of(option(path), config.get(MillraceOptions.FORMAT)));
  }

  @Override
  List<PartitionPath> partitions(ObjectPath path)
      throws TableNotExistException, TableNotPartitionedException {
    DatasetTree.Look look = table(path);
    if (look.keys().isEmpty()) {
      throw new TableNotPartitionedException(getName(), path);
    }
    try {
      return tree.partitions(pathOf(path), look.keys());
    } catch (IOException e) {
      throw failed("list the partitions of table " + path + " of", e);
    }
  }

  /** The option {@code path} of a table, with a root for each of the catalog's. */
  private String option(ObjectPath path) {
    return tree.locations(pathOf(path)).stream()
        .map(location -> location.uri().replace(";", "\\;"))
        .collect(Collectors.joining(";"));
  }

  /** Not looked up here: the table's source knows better, with the options of the query. */
  @Override
  public CatalogTableStatistics getTableStatistics(ObjectPath path) throws TableNotExistException {
    table(path);
    return CatalogTableStatistics.UNKNOWN;
  }

  @Override
  public CatalogColumnStatistics getTableColumnStatistics(ObjectPath path) {
    return CatalogColumnStatistics.UNKNOWN;
  }

  /** The path of a database below the root. */
  private String pathOf(String database) {
    return database.equals(getDefaultDatabase()) ? "" : database;
  }

  /** The path of a table below the root; of one whose name is none of a directory, no path. */
  private String pathOf(ObjectPath path) {
    String database = pathOf(path.getDatabaseName());
    // A slash in its name would make a table of another database.
    String table = path.getObjectName().replace('/', '\\');
    return database.isEmpty() ? table : database + "/" + table;
  }

  private DatasetTree.Kind kind(String path) {
    return look(path).kind();
  }

  private DatasetTree.Look look(String path) {
    try {
      return tree.look(path);
    } catch (IOException e) {
      throw failed("look into " + text(tree.locations(path)) + " for", e);
    }
  }

  private Optional<DatasetTree.Children> children(String path) {
    try {
      return tree.children(path);
    } catch (IOException e) {
      throw failed("look into " + text(tree.locations(path)) + " for", e);
    }
  }

  /** SQL clients show the last cause only, so that there must be none below the whole message. */
  private CatalogException failed(String operation, Exception origin) {
    CatalogException failed =
        new CatalogException(
            "Cannot " + operation + " catalog " + getName() + ": " + origin.getMessage());
    failed.addSuppressed(origin);
    return failed;
  }

  private static String text(List<ObjectLocation> locations) {
    return locations.stream().map(ObjectLocation::toString).collect(Collectors.joining(";"));
  }
}
