// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.ValueSink;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import io.millrace.storage.ByteChunks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes the one value that a decoder hands over, as the call that was made with it. */
final class CapturedValue implements ValueSink {

  private @Nullable Object value;

  /** Decodes stored bytes by an encoding, at some place of a run. */
  static Object decode(String encoding, byte[] stored, int position)
      throws MalformedValueException {
    byte[] around = new byte[position + stored.length + 3];
    Arrays.fill(around, (byte) 0x5a);
    System.arraycopy(stored, 0, around, position, stored.length);
    CapturedValue sink = new CapturedValue();
    Encoding.parse(encoding).decoder().decode(chunks(around), position, stored.length, 7, sink);
    assertThat(sink.value).isNotNull();
    return sink.value;
  }

  static Object decode(String encoding, byte[] stored) throws MalformedValueException {
    return decode(encoding, stored, 0);
  }

  static Object decode(String encoding, String stored) throws MalformedValueException {
    return decode(encoding, stored.getBytes(StandardCharsets.UTF_8), 0);
  }

  private static ByteChunks chunks(byte[] bytes) {
    ByteChunks chunks = ByteChunks.allocate(bytes.length);
    int done = 0;
    for (var s = chunks.first(0, bytes.length); s != null; s = s.next()) {
      System.arraycopy(bytes, done, s.array(), s.offset(), s.length());
      done += s.length();
    }
    return chunks;
  }

  private void set(int field, Object given) {
    assertThat(field).isEqualTo(7);
    assertThat(value).as("one call a value").isNull();
    value = given;
  }

  @Override
  public void setNull(int field) {
    throw new AssertionError("no value of MDS is null");
  }

  @Override
  public void setBoolean(int field, boolean given) {
    set(field, given);
  }

  @Override
  public void setLong(int field, long given) {
    set(field, given);
  }

  @Override
  public void setFloat(int field, float given) {
    set(field, given);
  }

  @Override
  public void setDouble(int field, double given) {
    set(field, given);
  }

  @Override
  public void setString(int field, String given) {
    set(field, given);
  }

  @Override
  public void setBytes(int field, byte[] given) {
    set(field, Bytes.wrap(given));
  }

  @Override
  public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
    set(field, new Tensor(dtype, shape, Bytes.wrap(data)));
  }

  @Override
  public void setObject(int field, Object given) {
    set(field, given);
  }
}
