// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.catalog;

import io.millrace.format.PartitionPath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.catalog.AbstractCatalog;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogFunction;
import org.apache.flink.table.catalog.CatalogPartition;
import org.apache.flink.table.catalog.CatalogPartitionImpl;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.FunctionNotExistException;
import org.apache.flink.table.catalog.exceptions.PartitionNotExistException;
import org.apache.flink.table.catalog.exceptions.PartitionSpecInvalidException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotPartitionedException;
import org.apache.flink.table.catalog.stats.CatalogColumnStatistics;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.expressions.Expression;

/**
 * What a catalog that only shows what there is has in common: it refuses every change with one
 * message, and has no views, functions or statistics.
 */
abstract class ReadOnlyCatalog extends AbstractCatalog {

  ReadOnlyCatalog(String name, String defaultDatabase) {
    super(name, defaultDatabase);
  }

  /** Where the content comes from, for the message that refuses to change it. */
  abstract String location();

  private CatalogException refused(String operation) {
    return new CatalogException(
        "Cannot "
            + operation
            + ": catalog "
            + getName()
            + " is read-only; its tables are the datasets below "
            + location()
            + ". For another table use CREATE TEMPORARY TABLE, or another catalog");
  }

  @Override
  public final void createDatabase(String name, CatalogDatabase database, boolean ignoreIfExists) {
    throw refused("create database " + name);
  }

  @Override
  public final void dropDatabase(String name, boolean ignoreIfNotExists, boolean cascade) {
    throw refused("drop database " + name);
  }

  @Override
  public final void alterDatabase(
      String name, CatalogDatabase newDatabase, boolean ignoreIfNotExists) {
    throw refused("alter database " + name);
  }

  @Override
  public final void createTable(ObjectPath path, CatalogBaseTable table, boolean ignoreIfExists) {
    throw refused("create table " + path);
  }

  @Override
  public final void dropTable(ObjectPath path, boolean ignoreIfNotExists) {
    throw refused("drop table " + path);
  }

  @Override
  public final void renameTable(ObjectPath path, String newName, boolean ignoreIfNotExists) {
    throw refused("rename table " + path);
  }

  @Override
  public final void alterTable(
      ObjectPath path, CatalogBaseTable newTable, boolean ignoreIfNotExists) {
    throw refused("alter table " + path);
  }

  @Override
  public final void createPartition(
      ObjectPath path,
      CatalogPartitionSpec spec,
      CatalogPartition partition,
      boolean ignoreIfExists) {
    throw refused("create a partition of " + path);
  }

  @Override
  public final void dropPartition(
      ObjectPath path, CatalogPartitionSpec spec, boolean ignoreIfNotExists) {
    throw refused("drop a partition of " + path);
  }

  @Override
  public final void alterPartition(
      ObjectPath path,
      CatalogPartitionSpec spec,
      CatalogPartition newPartition,
      boolean ignoreIfNotExists) {
    throw refused("alter a partition of " + path);
  }

  @Override
  public final void createFunction(
      ObjectPath path, CatalogFunction function, boolean ignoreIfExists) {
    throw refused("create function " + path);
  }

  @Override
  public final void alterFunction(
      ObjectPath path, CatalogFunction newFunction, boolean ignoreIfNotExists) {
    throw refused("alter function " + path);
  }

  @Override
  public final void dropFunction(ObjectPath path, boolean ignoreIfNotExists) {
    throw refused("drop function " + path);
  }

  @Override
  public final void alterTableStatistics(
      ObjectPath path, CatalogTableStatistics statistics, boolean ignoreIfNotExists) {
    throw refused("alter the statistics of " + path);
  }

  @Override
  public final void alterTableColumnStatistics(
      ObjectPath path, CatalogColumnStatistics statistics, boolean ignoreIfNotExists) {
    throw refused("alter the statistics of " + path);
  }

  @Override
  public final void alterPartitionStatistics(
      ObjectPath path,
      CatalogPartitionSpec spec,
      CatalogTableStatistics statistics,
      boolean ignoreIfNotExists) {
    throw refused("alter the statistics of " + path);
  }

  @Override
  public final void alterPartitionColumnStatistics(
      ObjectPath path,
      CatalogPartitionSpec spec,
      CatalogColumnStatistics statistics,
      boolean ignoreIfNotExists) {
    throw refused("alter the statistics of " + path);
  }

  private void requireDatabase(String name) throws DatabaseNotExistException {
    if (!databaseExists(name)) {
      throw new DatabaseNotExistException(getName(), name);
    }
  }

  /** The partitions of a table, at least one. */
  abstract List<PartitionPath> partitions(ObjectPath path)
      throws TableNotExistException, TableNotPartitionedException;

  private static CatalogPartitionSpec spec(PartitionPath partition) {
    Map<String, String> spec = new LinkedHashMap<>();
    for (int i = 0; i < partition.keys().size(); i++) {
      spec.put(partition.keys().get(i), partition.values().get(i));
    }
    return new CatalogPartitionSpec(spec);
  }

  @Override
  public final List<String> listViews(String database) throws DatabaseNotExistException {
    requireDatabase(database);
    return List.of();
  }

  @Override
  public final List<String> listFunctions(String database) throws DatabaseNotExistException {
    requireDatabase(database);
    return List.of();
  }

  @Override
  public final CatalogFunction getFunction(ObjectPath path) throws FunctionNotExistException {
    throw new FunctionNotExistException(getName(), path);
  }

  @Override
  public final boolean functionExists(ObjectPath path) {
    return false;
  }

  @Override
  public final List<CatalogPartitionSpec> listPartitions(ObjectPath path)
      throws TableNotExistException, TableNotPartitionedException {
    return partitions(path).stream().map(ReadOnlyCatalog::spec).distinct().toList();
  }

  @Override
  public final List<CatalogPartitionSpec> listPartitions(ObjectPath path, CatalogPartitionSpec spec)
      throws TableNotExistException, TableNotPartitionedException, PartitionSpecInvalidException {
    List<PartitionPath> partitions = partitions(path);
    List<String> keys = partitions.get(0).keys();
    Map<String, String> wanted = spec.getPartitionSpec();
    if (!keys.containsAll(wanted.keySet())) {
      throw new PartitionSpecInvalidException(getName(), keys, path, spec);
    }
    return partitions.stream()
        .map(ReadOnlyCatalog::spec)
        .filter(each -> each.getPartitionSpec().entrySet().containsAll(wanted.entrySet()))
        .distinct()
        .toList();
  }

  /** Left to the source, which knows the types of the partitions' columns. */
  @Override
  public final List<CatalogPartitionSpec> listPartitionsByFilter(
      ObjectPath path, List<Expression> filters)
      throws TableNotExistException, TableNotPartitionedException {
    partitions(path);
    throw new UnsupportedOperationException("The source of " + path + " filters its partitions");
  }

  @Override
  public final CatalogPartition getPartition(ObjectPath path, CatalogPartitionSpec spec)
      throws PartitionNotExistException {
    requirePartition(path, spec);
    return new CatalogPartitionImpl(Map.of(), "");
  }

  private void requirePartition(ObjectPath path, CatalogPartitionSpec spec)
      throws PartitionNotExistException {
    if (!partitionExists(path, spec)) {
      throw new PartitionNotExistException(getName(), path, spec);
    }
  }

  @Override
  public final boolean partitionExists(ObjectPath path, CatalogPartitionSpec spec) {
    try {
      return listPartitions(path).contains(spec);
    } catch (TableNotExistException | TableNotPartitionedException e) {
      return false;
    }
  }

  @Override
  public final CatalogTableStatistics getPartitionStatistics(
      ObjectPath path, CatalogPartitionSpec spec) throws PartitionNotExistException {
    requirePartition(path, spec);
    return CatalogTableStatistics.UNKNOWN;
  }

  /** Planning asks for those of all partitions: without a look at the store for each. */
  @Override
  public final List<CatalogTableStatistics> bulkGetPartitionStatistics(
      ObjectPath path, List<CatalogPartitionSpec> specs) {
    return Collections.nCopies(specs.size(), CatalogTableStatistics.UNKNOWN);
  }

  @Override
  public final List<CatalogColumnStatistics> bulkGetPartitionColumnStatistics(
      ObjectPath path, List<CatalogPartitionSpec> specs) {
    return Collections.nCopies(specs.size(), CatalogColumnStatistics.UNKNOWN);
  }

  @Override
  public final CatalogColumnStatistics getPartitionColumnStatistics(
      ObjectPath path, CatalogPartitionSpec spec) throws PartitionNotExistException {
    requirePartition(path, spec);
    return CatalogColumnStatistics.UNKNOWN;
  }
}
