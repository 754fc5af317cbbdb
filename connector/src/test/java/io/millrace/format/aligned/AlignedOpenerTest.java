// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.BadSampleException;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardOpener;
import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AlignedOpenerTest {

  private static final DirectShardInput NO_INPUT =
      new DirectShardInput(new TestingObjectStore(Path.of("/nowhere")));
  private static final SampleMetadata METADATA = new SampleMetadata(0, "", 0, 0, sample -> 0);
  private static final FieldNames AS_B = new FieldNames("", Map.of("n", "b"));

  private final NumbersFormat a = new NumbersFormat("file:/a", "a", false, 10);
  private final NumbersFormat b = new NumbersFormat("file:/b", "n", false, 20);
  private final AlignedOpener opener =
      new AlignedOpener(
          List.of(
              new RenamedOpener(a, a.schema(), FieldNames.KEPT),
              new RenamedOpener(b, b.schema(), AS_B)));
  private DatasetManifest joined;

  @BeforeEach
  void join() throws IOException {
    AlignedPart renamed = new AlignedPart(b, b.manifest(4, 6, 14), AS_B);
    joined = AlignedDataset.join(List.of(a.part(20, 20), renamed)).manifest();
  }

  @Test
  void opensEachUnitOfTheShardAndClosesIt() throws IOException {
    Shard shard = joined.shards().get(0);
    try (ShardReader reader = opener.open(shard, 0, NO_INPUT, joined.schema())) {
      assertThat(reader.samples()).isEqualTo(20);
      assertThat(a.opened()).isEqualTo(1);
      assertThat(b.opened()).isEqualTo(2 + 4);
      assertThatThrownBy(() -> reader.read(20, new SampleAssembler(joined.schema())))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(a.openReaders() + b.openReaders()).isZero();
  }

  @Test
  void opensOnlyPartsWithProjectedFields() throws IOException {
    Shard shard = joined.shards().get(0);
    Schema onlyB = joined.schema().project(List.of("b"));
    try (ShardReader reader = opener.open(shard, 0, NO_INPUT, onlyB)) {
      SampleAssembler assembler = new SampleAssembler(onlyB);
      reader.read(13, assembler);
      assertThat(assembler.build(METADATA).getLong("b")).isEqualTo(13);
    }
    assertThat(a.opened()).isZero();
    assertThat(opener.unitBytes(shard, onlyB)).isEqualTo(6 * 4 * 20);
    assertThat(opener.unitBytes(shard, joined.schema())).isEqualTo(20 * 10 + 6 * 4 * 20);

    try (ShardReader reader = opener.open(shard, 0, NO_INPUT, Schema.of())) {
      assertThat(reader.samples()).isEqualTo(20);
      reader.read(19, new SampleAssembler(Schema.of()));
    }
    assertThat(a.opened()).isZero();
  }

  @Test
  void fieldsComeInTheOrderOfTheProjection() throws IOException {
    Schema reversed = joined.schema().project(List.of("b", "a"));
    try (ShardReader reader = opener.open(joined.shards().get(0), 0, NO_INPUT, reversed)) {
      SampleAssembler assembler = new SampleAssembler(reversed);
      reader.read(7, assembler);
      Sample sample = assembler.build(METADATA);
      assertThat(sample.getLong(0)).isEqualTo(7);
      assertThat(sample.getLong(1)).isEqualTo(7);
      assertThat(sample.schema()).isEqualTo(reversed);
    }
  }

  @Test
  void closesWhatItOpenedWhenItFails() {
    for (int unit = 0; unit < 6; unit++) {
      b.failAfter(unit);
      assertThatThrownBy(() -> opener.open(joined.shards().get(0), 0, NO_INPUT, joined.schema()))
          .isInstanceOf(IOException.class)
          .hasMessage("injected");
      assertThat(a.openReaders() + b.openReaders()).isZero();
    }
  }

  /** Opens leniently what has a bad sample. */
  private record BadAt(NumbersFormat format, int bad) implements ShardOpener {
    @Override
    public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection)
        throws IOException {
      throw new IOException("cannot be opened but leniently");
    }

    @Override
    public ShardReader openLeniently(Shard shard, int unit, ShardInput input, Schema projection)
        throws IOException {
      ShardReader reader = format.open(shard, unit, input, projection);
      return new ShardReader() {
        @Override
        public int samples() {
          return reader.samples();
        }

        @Override
        public void read(int index, ValueSink sink) throws IOException {
          if (shard.firstSample(unit) + index == bad) {
            throw new BadSampleException(new IOException("damaged"));
          }
          reader.read(index, sink);
        }

        @Override
        public void close() {
          reader.close();
        }
      };
    }
  }

  @Test
  void aSampleThatIsBadInOnePartIsBad() throws IOException {
    AlignedOpener lenient =
        new AlignedOpener(
            List.of(
                new RenamedOpener(new BadAt(a, 13), a.schema(), FieldNames.KEPT),
                new RenamedOpener(new BadAt(b, -1), b.schema(), AS_B)));
    Shard shard = joined.shards().get(0);
    assertThatThrownBy(() -> lenient.open(shard, 0, NO_INPUT, joined.schema()))
        .hasMessage("cannot be opened but leniently");
    try (ShardReader reader = lenient.openLeniently(shard, 0, NO_INPUT, joined.schema())) {
      SampleAssembler assembler = new SampleAssembler(joined.schema());
      for (int i = 0; i < reader.samples(); i++) {
        int index = i;
        if (i == 13) {
          assertThatThrownBy(() -> reader.read(index, assembler))
              .isInstanceOf(BadSampleException.class)
              .hasMessage("damaged");
        } else {
          reader.read(index, assembler);
          Sample sample = assembler.build(METADATA);
          assertThat(sample.getLong("a")).isEqualTo(i);
          assertThat(sample.getLong("b")).isEqualTo(i);
        }
      }
    }
    assertThat(a.openReaders() + b.openReaders()).isZero();
  }

  @Test
  void refusesAFieldThatNoPartHas() {
    Schema other = Schema.of(new Field("n", Primitive.INT64, false));
    RenamedOpener part = new RenamedOpener(b, b.schema(), AS_B);

    assertThatThrownBy(() -> part.open(b.manifest(4, 6).shards().get(0), 0, NO_INPUT, other))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot open shard.00000: there is no field \"n\"");
  }

  @Test
  void valuesOfEveryKindReachTheirField() {
    List<String> calls = new ArrayList<>();
    RenumberingSink sink = new RenumberingSink(new int[] {4, 2}, new WritingSink(calls));
    sink.setNull(0);
    sink.setBoolean(1, true);
    sink.setLong(0, 1);
    sink.setFloat(1, 2);
    sink.setDouble(0, 3);
    sink.setString(1, "text");
    sink.setBytes(0, new byte[] {7});
    sink.setTensor(1, DType.INT8, new long[] {1}, new byte[] {8});
    sink.setObject(0, Bytes.EMPTY);

    assertThat(calls)
        .containsExactly(
            "4 null",
            "2 true",
            "4 1",
            "2 2.0",
            "4 3.0",
            "2 text",
            "4 [7]",
            "2 int8[1][8]",
            "4 " + Bytes.EMPTY);
  }
}
