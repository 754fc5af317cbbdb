// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.CountingReader;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.mds.MdsFormat;
import io.millrace.format.torch.TorchFormat;
import io.millrace.sample.Bytes;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.Field;
import io.millrace.sample.Image;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.DecimalType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value of the reference tools' datasets, in a row as in a sample. */
@Tag("unit")
class RowsOfDatasetsTest {

  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final SampleMetadata NOWHERE = new SampleMetadata(0, "s", 0, 0, 0);

  static Stream<Arguments> datasets() {
    return Stream.concat(
        Stream.of(
                "mds-all-none",
                "mds-all-zstd",
                "mds-fixed",
                "mds-colnames",
                "json-none",
                "csv-none")
            .map(name -> Arguments.of(new MdsFormat(), RESOURCES.resolve("mds").resolve(name))),
        Stream.of("latents-conditions/latents", "latents-conditions/conditions")
            .map(
                name -> Arguments.of(new TorchFormat(), RESOURCES.resolve("torch").resolve(name))));
  }

  @ParameterizedTest
  @MethodSource("datasets")
  void aRowHasTheValuesOfItsSample(DatasetFormat format, Path directory) throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory.toAbsolutePath());
    DatasetManifest manifest = format.discover(store, store.root());
    Schema schema = manifest.schema();
    List<RowColumn> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      // Decimals and large numbers of these sets are beyond any DECIMAL.
      DataType type = ColumnTypes.of(field.type());
      boolean large = type.getLogicalType() instanceof DecimalType d && d.getPrecision() == 38;
      ColumnValue value =
          large
              ? NumberValues.Text.STRING
              : ColumnTypes.valueOf(field.type(), type.getLogicalType());
      columns.add(new RowColumn(field.name(), field.name(), Objects.requireNonNull(value), true));
    }
    RowAssembler rows = new RowAssembler(schema, columns, List.of());
    SampleAssembler samples = new SampleAssembler(schema);

    long count = 0;
    for (Shard shard : manifest.shards()) {
      for (int unit = 0; unit < shard.units(); unit++) {
        DirectShardInput input = new DirectShardInput(store, manifest.root());
        try (CountingReader reader = new CountingReader(format.open(shard, unit, input, schema))) {
          for (int i = 0; i < reader.samples(); i++) {
            reader.read(i, rows.sink());
            reader.read(i, samples);
            assertSame(rows.build(NOWHERE), samples.build(NOWHERE));
            count++;
          }
          assertThat(reader.takeDecodedValues()).isEqualTo(2L * reader.samples() * schema.size());
        }
      }
    }
    assertThat(count).isEqualTo(manifest.samples()).isPositive();
  }

  private static void assertSame(RowData row, Sample sample) {
    for (int i = 0; i < sample.size(); i++) {
      Object cell = ((GenericRowData) row).getField(i);
      assertThat(comparable(cell))
          .as(sample.schema().field(i).name())
          .isEqualTo(plain(sample.get(i)));
    }
  }

  /** Values of rows, of which arrays compare by content. */
  private static Object comparable(Object cell) {
    if (cell instanceof ArrayData array) {
      List<Object> elements = new ArrayList<>();
      if (array instanceof GenericArrayData generic && generic.isPrimitiveArray()) {
        for (long element : generic.toLongArray()) {
          elements.add(element);
        }
        return elements;
      }
      for (Object element : ((GenericArrayData) array).toObjectArray()) {
        elements.add(comparable(element));
      }
      return elements;
    }
    if (cell instanceof GenericRowData row) {
      List<Object> parts = new ArrayList<>();
      for (int i = 0; i < row.getArity(); i++) {
        parts.add(comparable(row.getField(i)));
      }
      return parts;
    }
    if (cell instanceof StringData || cell instanceof DecimalData) {
      return cell.toString();
    }
    return cell instanceof byte[] bytes ? Bytes.copyOf(bytes) : cell;
  }

  /** Values of samples, in the same form. */
  private static Object plain(Object value) {
    if (value instanceof Tensor tensor) {
      return List.of(
          tensor.dtype().label(), Arrays.stream(tensor.shape()).boxed().toList(), tensor.data());
    }
    if (value instanceof Image image) {
      return List.of(image.mode(), image.width(), image.height(), image.pixels());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RowsOfDatasetsTest::plain).toList();
    }
    if (value instanceof DecimalValue decimal) {
      return decimal.text();
    }
    return value instanceof BigInteger ? value.toString() : value;
  }
}
