// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.mds.MdsSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.CatalogTable;
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
import org.apache.flink.table.factories.FactoryUtil;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class MillraceCatalogTest {

  private static final ObjectPath IMAGES = new ObjectPath("default_database", "images");

  @TempDir static Path root;

  @BeforeAll
  static void writeTheTree() throws IOException {
    for (String dataset :
        List.of(
            "images",
            "a;b",
            "vision/train",
            "vision/val",
            "vision/deep/nested",
            "year=2026",
            "vision/year=2026",
            "_staging",
            ".hidden")) {
      copy(MdsSets.path("fashion-mnist-2k"), root.resolve(dataset));
    }
    Files.createDirectories(root.resolve("empty"));
    Files.writeString(root.resolve("README.md"), "no directory");
    Files.writeString(Files.createDirectories(root.resolve("damaged")).resolve("index.json"), "{");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private static Catalog catalog(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("type", "millrace");
    options.putIfAbsent("path", root.toString());
    return FactoryUtil.createCatalog(
        "data", options, new Configuration(), MillraceCatalogTest.class.getClassLoader());
  }

  private static Catalog opened() {
    Catalog catalog = catalog(Map.of());
    catalog.open();
    return catalog;
  }

  @Test
  void directoriesWithADatasetAreTablesAndOthersDatabases() throws Exception {
    Catalog catalog = opened();
    assertThat(catalog.getDefaultDatabase()).isEqualTo("default_database");
    assertThat(catalog.listDatabases()).containsExactly("default_database", "empty", "vision");
    assertThat(catalog.listTables("default_database")).containsExactly("a;b", "damaged", "images");
    assertThat(catalog.listTables("vision")).containsExactly("train", "val");
    assertThat(catalog.listTables("empty")).isEmpty();
    assertThat(catalog.listViews("vision")).isEmpty();
    assertThat(catalog.listFunctions("vision")).isEmpty();
    assertThat(catalog.getDatabase("vision").getComment())
        .isEqualTo("Datasets in file:" + root.resolve("vision"));
    catalog.close();
  }

  @Test
  void databasesFurtherDownAreThereWhenTheyAreNamed() throws Exception {
    Catalog catalog = opened();
    assertThat(catalog.databaseExists("vision/deep")).isTrue();
    assertThat(catalog.listTables("vision/deep")).containsExactly("nested");
    assertThat(catalog.tableExists(new ObjectPath("vision/deep", "nested"))).isTrue();
  }

  @Test
  void whatIsNoDirectoryOfThatKindDoesNotExist() {
    Catalog catalog = opened();
    for (String database :
        List.of(
            "images",
            "nowhere",
            "README.md",
            "year=2026",
            "_staging",
            ".hidden",
            "..",
            "vision/..",
            "vision//deep",
            "/",
            "vision/",
            "vision\\deep")) {
      assertThat(catalog.databaseExists(database)).as(database).isFalse();
      assertThatThrownBy(() -> catalog.listTables(database))
          .as(database)
          .isInstanceOf(DatabaseNotExistException.class);
      assertThatThrownBy(() -> catalog.getDatabase(database))
          .isInstanceOf(DatabaseNotExistException.class);
    }
    for (String table :
        List.of("vision", "vision/train", "nowhere", "year=2026", "_staging", "../images", ".")) {
      ObjectPath path = new ObjectPath("default_database", table);
      assertThat(catalog.tableExists(path)).as(table).isFalse();
      assertThatThrownBy(() -> catalog.getTable(path))
          .as(table)
          .isInstanceOf(TableNotExistException.class);
    }
    assertThat(catalog.tableExists(new ObjectPath("vision", "year=2026"))).isFalse();
    assertThat(catalog.tableExists(new ObjectPath("vision", "deep/nested"))).isFalse();
  }

  @Test
  void aTableHasTheFieldsAndTheMetadata() throws Exception {
    CatalogBaseTable table = opened().getTable(IMAGES);
    assertThat(table.getComment())
        .isEqualTo("mds dataset of 2,000 samples in 13 shards, 908,585 bytes");
    assertThat(table.getUnresolvedSchema().getColumns())
        .extracting(MillraceCatalogTest::described)
        .containsExactly(
            "id STRING (string)",
            "image ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES> (tensor<uint8>[28,28])",
            "label BIGINT (int64)",
            "epoch INT METADATA VIRTUAL",
            "shard STRING METADATA VIRTUAL",
            "sample BIGINT METADATA VIRTUAL",
            "epoch_position BIGINT METADATA VIRTUAL",
            "shuffle_key BIGINT METADATA VIRTUAL");
    assertThat(table.getOptions())
        .containsOnly(
            Map.entry("connector", "millrace"),
            Map.entry("path", "file:" + root.resolve("images")));
  }

  private static String described(Schema.UnresolvedColumn column) {
    if (column instanceof Schema.UnresolvedMetadataColumn metadata) {
      return metadata.getName()
          + " "
          + metadata.getDataType()
          + " METADATA"
          + (metadata.isVirtual() ? " VIRTUAL" : "");
    }
    Schema.UnresolvedPhysicalColumn physical = (Schema.UnresolvedPhysicalColumn) column;
    return physical.getName()
        + " "
        + physical.getDataType()
        + " ("
        + physical.getComment().orElseThrow()
        + ")";
  }

  @Test
  void optionsOfTheCatalogAreThoseOfItsTables() throws Exception {
    Catalog catalog =
        catalog(
            Map.of(
                "cache.memory.size", "64 mb",
                "scan.epochs", "3",
                "scan.parallelism", "2",
                "default-database", "top",
                "path", root + ";" + root.resolve("vision")));
    assertThat(catalog.getDefaultDatabase()).isEqualTo("top");
    assertThat(catalog.getTable(new ObjectPath("top", "images")).getOptions())
        .containsOnly(
            Map.entry("connector", "millrace"),
            Map.entry("cache.memory.size", "64 mb"),
            Map.entry("scan.epochs", "3"),
            Map.entry("scan.parallelism", "2"),
            Map.entry(
                "path",
                "file:" + root.resolve("images") + ";file:" + root.resolve("vision/images")));
    assertThat(opened().getTable(new ObjectPath("default_database", "a;b")).getOptions())
        .containsEntry("path", "file:" + root.resolve("a\\;b"));
  }

  @Test
  void statisticsAreLeftToTheSource() throws Exception {
    assertThat(opened().getTableStatistics(IMAGES)).isEqualTo(CatalogTableStatistics.UNKNOWN);
    assertThat(opened().getTableColumnStatistics(IMAGES))
        .isEqualTo(CatalogColumnStatistics.UNKNOWN);
  }

  @Test
  void optionsThatCannotBeUsedAreRefusedWithTheCatalog() {
    refused(Map.of("path", " "), "Cannot make catalog data: set path to the directory above");
    refused(
        Map.of("default-database", " "),
        "Cannot make catalog data: default-database must not be empty");
    refused(
        Map.of("scan.epochs", "0"),
        "Cannot make catalog data: Cannot use scan.epochs = 0: it must be at least 1");
    refused(
        Map.of("format", "parket"),
        "Cannot make catalog data: Cannot use format \"parket\": known formats are mds, torch");
    refused(Map.of("path", "/a;;/b"), "Cannot make catalog data: Cannot use path = ");
    refused(Map.of("scan.epoch", "2"), "Unsupported options found for 'millrace'");
  }

  private static void refused(Map<String, String> options, String message) {
    assertThatThrownBy(() -> catalog(options))
        .satisfies(
            thrown -> {
              Throwable cause = thrown;
              while (!cause.getMessage().startsWith(message) && cause.getCause() != null) {
                cause = cause.getCause();
              }
              assertThat(cause).isInstanceOf(ValidationException.class);
              assertThat(cause).hasMessageStartingWith(message);
            });
  }

  @Test
  void aCatalogOfNoDirectoryOrOfADatasetDoesNotOpen() {
    assertThatThrownBy(catalog(Map.of("path", root + "/nowhere"))::open)
        .isInstanceOf(CatalogException.class)
        .hasMessage(
            "Cannot open catalog data: there is no directory file:"
                + root
                + "/nowhere; check path");
    assertThatThrownBy(catalog(Map.of("path", root + "/images"))::open)
        .isInstanceOf(CatalogException.class)
        .hasMessage(
            "Cannot open catalog data: a dataset lies in file:"
                + root
                + "/images itself; set path to the directory above it");
    assertThatThrownBy(catalog(Map.of("path", "s4://key:secret@bucket/x"))::open)
        .isInstanceOf(CatalogException.class)
        .hasMessageStartingWith("Cannot look into s4://bucket/x for catalog data: ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aDamagedDatasetIsATableThatCannotBeDescribed() {
    assertThatThrownBy(() -> opened().getTable(new ObjectPath("default_database", "damaged")))
        .isInstanceOf(CatalogException.class)
        .hasMessageStartingWith(
            "Cannot describe table default_database.damaged of catalog data: Cannot read the"
                + " dataset at file:"
                + root
                + "/damaged: ");
  }

  @Test
  void tablesAreNotPartitioned() {
    Catalog catalog = opened();
    CatalogPartitionSpec spec = new CatalogPartitionSpec(Map.of());
    ObjectPath nowhere = new ObjectPath("default_database", "nowhere");
    thrown(() -> catalog.listPartitions(IMAGES), TableNotPartitionedException.class);
    thrown(() -> catalog.listPartitions(IMAGES, spec), TableNotPartitionedException.class);
    thrown(
        () -> catalog.listPartitionsByFilter(IMAGES, List.of()),
        TableNotPartitionedException.class);
    thrown(() -> catalog.listPartitions(nowhere), TableNotExistException.class);
    thrown(() -> catalog.getPartition(IMAGES, spec), PartitionNotExistException.class);
    thrown(() -> catalog.getPartitionStatistics(IMAGES, spec), PartitionNotExistException.class);
    thrown(
        () -> catalog.getPartitionColumnStatistics(IMAGES, spec), PartitionNotExistException.class);
    thrown(() -> catalog.getFunction(IMAGES), FunctionNotExistException.class);
    thrown(() -> catalog.listViews("nowhere"), DatabaseNotExistException.class);
    assertThat(catalog.partitionExists(IMAGES, spec)).isFalse();
    assertThat(catalog.functionExists(IMAGES)).isFalse();
  }

  @Test
  void aDirectoryOfPartitionsIsOneTable(@TempDir Path partitioned) throws Exception {
    for (String partition : List.of("label=a%2Fb/n=1", "label=c/n=1", "label=c/n=2")) {
      copy(MdsSets.path("fashion-mnist-2k"), partitioned.resolve("set").resolve(partition));
    }
    Files.createDirectories(partitioned.resolve("none/k=1/l=2"));
    Catalog catalog = catalog(Map.of("path", partitioned.toString()));
    catalog.open();
    ObjectPath set = new ObjectPath("default_database", "set");

    assertThat(catalog.listTables("default_database")).containsExactly("set");
    assertThat(catalog.listDatabases()).containsExactly("default_database", "none");
    assertThat(catalog.databaseExists("set")).isFalse();
    assertThatThrownBy(() -> catalog.listTables("set"))
        .isInstanceOf(DatabaseNotExistException.class);
    CatalogTable table = (CatalogTable) catalog.getTable(set);
    assertThat(table.getPartitionKeys()).containsExactly("label", "n");
    assertThat(table.getComment()).isEqualTo("mds dataset in 3 partitions by label, n");
    assertThat(table.getUnresolvedSchema().getColumns())
        .extracting(MillraceCatalogTest::described)
        .as("the key in place of the field")
        .startsWith("id STRING (string)")
        .contains(
            "label STRING (partition)", "n STRING (partition)", "shard STRING METADATA VIRTUAL")
        .doesNotContain("label BIGINT (int64)");

    CatalogPartitionSpec one = new CatalogPartitionSpec(Map.of("label", "a/b", "n", "1"));
    CatalogPartitionSpec some = new CatalogPartitionSpec(Map.of("label", "c"));
    assertThat(catalog.listPartitions(set)).hasSize(3).contains(one);
    assertThat(catalog.listPartitions(set, some)).hasSize(2).doesNotContain(one);
    assertThat(catalog.partitionExists(set, one)).isTrue();
    assertThat(catalog.partitionExists(set, some)).as("not all keys").isFalse();
    assertThat(catalog.getPartition(set, one).getProperties()).isEmpty();
    assertThat(catalog.getPartitionStatistics(set, one)).isEqualTo(CatalogTableStatistics.UNKNOWN);
    thrown(() -> catalog.getPartition(set, some), PartitionNotExistException.class);
    thrown(
        () -> catalog.listPartitions(set, new CatalogPartitionSpec(Map.of("x", "c"))),
        PartitionSpecInvalidException.class);
    assertThatThrownBy(catalog(Map.of("path", partitioned.resolve("set").toString()))::open)
        .hasMessageContaining("a dataset lies in");
  }

  private static void thrown(ThrowingCallable call, Class<? extends Exception> type) {
    assertThatThrownBy(call).isInstanceOf(type);
  }

  @Test
  void everyChangeIsRefusedInTheSameWords() {
    Catalog catalog = opened();
    CatalogPartitionSpec spec = new CatalogPartitionSpec(Map.of());
    readOnly("create database d", () -> catalog.createDatabase("d", null, true));
    readOnly("drop database d", () -> catalog.dropDatabase("d", true, true));
    readOnly("alter database d", () -> catalog.alterDatabase("d", null, true));
    String images = "default_database.images";
    readOnly("create table " + images, () -> catalog.createTable(IMAGES, null, true));
    readOnly("drop table " + images, () -> catalog.dropTable(IMAGES, true));
    readOnly("rename table " + images, () -> catalog.renameTable(IMAGES, "x", true));
    readOnly("alter table " + images, () -> catalog.alterTable(IMAGES, null, true));
    readOnly("create function " + images, () -> catalog.createFunction(IMAGES, null, true));
    readOnly("alter function " + images, () -> catalog.alterFunction(IMAGES, null, true));
    readOnly("drop function " + images, () -> catalog.dropFunction(IMAGES, true));
    String partition = " a partition of " + images;
    readOnly("create" + partition, () -> catalog.createPartition(IMAGES, spec, null, true));
    readOnly("drop" + partition, () -> catalog.dropPartition(IMAGES, spec, true));
    readOnly("alter" + partition, () -> catalog.alterPartition(IMAGES, spec, null, true));
    String statistics = "alter the statistics of " + images;
    readOnly(statistics, () -> catalog.alterTableStatistics(IMAGES, null, true));
    readOnly(statistics, () -> catalog.alterTableColumnStatistics(IMAGES, null, true));
    readOnly(statistics, () -> catalog.alterPartitionStatistics(IMAGES, spec, null, true));
    readOnly(statistics, () -> catalog.alterPartitionColumnStatistics(IMAGES, spec, null, true));
  }

  private static void readOnly(String operation, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(CatalogException.class)
        .hasMessage(
            "Cannot "
                + operation
                + ": catalog data is read-only; its tables are the datasets below file:"
                + root
                + ". For another table use CREATE TEMPORARY TABLE, or another catalog");
  }
}
