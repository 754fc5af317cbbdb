// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.BadSampleException;
import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import io.millrace.sample.Bytes;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands out samples whose values are known, and copies their tensors. */
final class TorchShardReader implements ShardReader {

  private final Schema projection;
  private final @Nullable Object[][] samples;
  private final Map<Integer, BadSampleException> bad;

  /**
   * @param samples for each the values of the projected fields, as {@link ValueConverter} documents
   *     them
   */
  TorchShardReader(Schema projection, @Nullable Object[][] samples) {
    this(projection, samples, Map.of());
  }

  /**
   * Of which some samples cannot be read.
   *
   * @param bad why, by their index; what the samples have there is not looked at
   */
  TorchShardReader(
      Schema projection, @Nullable Object[][] samples, Map<Integer, BadSampleException> bad) {
    this.projection = projection;
    this.samples = samples;
    this.bad = bad;
  }

  @Override
  public int samples() {
    return samples.length;
  }

  @Override
  public void read(int index, ValueSink sink) throws BadSampleException {
    BadSampleException failure = bad.isEmpty() ? null : bad.get(index);
    if (failure != null) {
      throw failure;
    }
    @Nullable Object[] values = samples[index];
    for (int field = 0; field < values.length; field++) {
      Object value = values[field];
      if (value == null) {
        sink.setNull(field);
      } else {
        set(field, projection.field(field).type(), value, sink);
      }
    }
  }

  private static void set(int field, FieldType type, Object value, ValueSink sink) {
    if (type instanceof TensorType) {
      TensorValue tensor = (TensorValue) value;
      sink.setTensor(field, tensor.dtype(), tensor.shape().clone(), tensor.toBytes());
    } else if (type instanceof ListType list) {
      boolean tensors = list.element() instanceof TensorType;
      sink.setObject(field, tensors ? copyAll((List<?>) value) : value);
    } else {
      set(field, (Primitive) type, value, sink);
    }
  }

  private static List<Tensor> copyAll(List<?> views) {
    List<Tensor> tensors = new ArrayList<>(views.size());
    for (Object view : views) {
      TensorValue tensor = (TensorValue) view;
      tensors.add(new Tensor(tensor.dtype(), tensor.shape(), Bytes.wrap(tensor.toBytes())));
    }
    return Collections.unmodifiableList(tensors);
  }

  private static void set(int field, Primitive type, Object value, ValueSink sink) {
    switch (type) {
      case BOOLEAN -> sink.setBoolean(field, (Boolean) value);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
          sink.setLong(field, (Long) value);
      case FLOAT16, FLOAT32 -> sink.setFloat(field, (Float) value);
      case FLOAT64 -> sink.setDouble(field, (Double) value);
      case STRING, JSON -> sink.setString(field, (String) value);
      case BYTES -> sink.setBytes(field, ((Bytes) value).toByteArray());
      default -> sink.setObject(field, value);
    }
  }

  @Override
  public void close() {}
}
