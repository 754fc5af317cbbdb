// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class CountingReaderTest {

  private static final List<FieldType> TYPES =
      List.of(
          Primitive.STRING,
          Primitive.BOOLEAN,
          Primitive.INT64,
          Primitive.FLOAT32,
          Primitive.FLOAT64,
          Primitive.STRING,
          Primitive.BYTES,
          new TensorType(null, null),
          new ListType(Primitive.INT64));

  /** Two samples that set a field in each way that there is; the second one is damaged. */
  private static final class EveryWay implements ShardReader {
    private boolean closed;

    @Override
    public int samples() {
      return 2;
    }

    @Override
    public void read(int index, ValueSink sink) throws IOException {
      sink.setNull(0);
      sink.setBoolean(1, true);
      sink.setLong(2, 3);
      if (index == 1) {
        throw new IOException("damaged");
      }
      sink.setFloat(3, 1.5f);
      sink.setDouble(4, 2.5);
      sink.setString(5, "five");
      sink.setBytes(6, new byte[] {6});
      sink.setTensor(7, DType.UINT8, new long[] {1}, new byte[] {7});
      sink.setObject(8, List.of(8L));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static Schema schema() {
    List<Field> fields = new ArrayList<>();
    TYPES.forEach(type -> fields.add(new Field("f" + fields.size(), type, true)));
    return new Schema(fields);
  }

  @Test
  void passesEveryValueOnAndCountsIt() throws IOException {
    SampleAssembler samples = new SampleAssembler(schema());
    CountingReader reader = new CountingReader(new EveryWay());

    reader.read(0, samples);

    Sample sample = samples.build(new SampleMetadata(0, "s", 0, 0, 0));
    assertThat(sample.get(0)).isNull();
    Object[] expected = {
      true,
      3L,
      1.5f,
      2.5,
      "five",
      Bytes.wrap(new byte[] {6}),
      new Tensor(DType.UINT8, new long[] {1}, Bytes.wrap(new byte[] {7})),
      List.of(8L)
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(sample.get(i + 1)).isEqualTo(expected[i]);
    }
    assertThat(reader.samples()).isEqualTo(2);
    assertThat(reader.takeDecodedValues()).isEqualTo(9);
    assertThat(reader.takeDecodedValues()).isZero();
  }

  @Test
  void countsWhatCameBeforeDamageAndServesAnotherSink() throws IOException {
    EveryWay inner = new EveryWay();
    CountingReader reader = new CountingReader(inner);
    assertThatThrownBy(() -> reader.read(1, new SampleAssembler(schema()))).hasMessage("damaged");
    SampleAssembler other = new SampleAssembler(schema());
    reader.read(0, other);
    assertThat(other.build(new SampleMetadata(0, "s", 0, 0, 0)).get(2)).isEqualTo(3L);
    assertThat(reader.takeDecodedValues()).isEqualTo(3 + 9);
    reader.close();
    assertThat(inner.closed).isTrue();
  }
}
