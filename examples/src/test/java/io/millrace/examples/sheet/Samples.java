// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import java.util.List;

/** Samples with a tensor of one grey as their image. */
final class Samples {

  static final Field IMAGE =
      new Field("image", new FieldType.TensorType(DType.UINT8, List.of(8L, 8L)), false);

  static final Schema SCHEMA =
      Schema.of(IMAGE, new Field("label", FieldType.Primitive.INT64, true));

  private Samples() {}

  static Tensor bytes(long[] shape, byte... values) {
    return new Tensor(DType.UINT8, shape, Bytes.wrap(values));
  }

  static Sample of(int epoch, long position, Long label) {
    byte[] pixels = new byte[64];
    java.util.Arrays.fill(pixels, (byte) position);
    return Sample.of(
        SCHEMA,
        new SampleMetadata(epoch, "shard", position, position, position),
        bytes(new long[] {8, 8}, pixels),
        label);
  }
}
