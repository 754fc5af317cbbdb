// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.sample.Bytes;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.Image;
import io.millrace.sample.Sample;
import io.millrace.sample.Tensor;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash of a sample's values, without its place: names, kinds of values and their lengths count,
 * so that no two different samples are fed to it as the same bytes. The order of the fields counts,
 * too. What a field is declared as does not, only what its values are: a test can hash what it
 * wrote without asking the reader for a schema.
 *
 * <p>SHA-256, cut to 128 bits: the JDK has it, so that the judge shares no code with the judged
 * (the connector hashes with hash4j, relocated in its SQL jar) and a user jar needs no library for
 * it; with the CPU's instructions it is faster than any source here delivers.
 */
public final class SampleHash {

  private static final int SHOWN_BYTES = 16;

  /** What a value is; the numbers are part of every hash. */
  private enum Kind {
    NULL(0),
    BOOLEAN(1),
    INT8(2),
    INT16(3),
    INT32(4),
    INT64(5),
    BIG_INTEGER(6),
    FLOAT(7),
    DOUBLE(8),
    DECIMAL(9),
    STRING(10),
    BYTES(11),
    IMAGE(12),
    TENSOR(13),
    LIST(14);

    private final byte number;

    Kind(int number) {
      this.number = (byte) number;
    }
  }

  private final MessageDigest digest;

  private SampleHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** The hash of all fields of a sample: 32 hexadecimal digits, the same in every JVM. */
  public static String of(Sample sample) {
    SampleHash hash = new SampleHash();
    hash.number(sample.size());
    for (int i = 0; i < sample.size(); i++) {
      hash.field(sample.schema().field(i).name(), sample.get(i));
    }
    return hash.hex();
  }

  /**
   * The hash of a sample with these fields.
   *
   * @param fields values by name, in the schema's order, as {@link Sample} has them
   * @throws IllegalArgumentException if a sample cannot have such a value
   */
  public static String of(Map<String, ? extends @Nullable Object> fields) {
    SampleHash hash = new SampleHash();
    hash.number(fields.size());
    fields.forEach(hash::field);
    return hash.hex();
  }

  private String hex() {
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), SHOWN_BYTES));
  }

  private void field(String name, @Nullable Object value) {
    bytes(name.getBytes(UTF_8));
    value(value);
  }

  private void value(@Nullable Object value) {
    if (value == null) {
      kind(Kind.NULL);
    } else if (value instanceof Number number) {
      numeric(number);
    } else if (value instanceof Boolean truth) {
      kind(Kind.BOOLEAN);
      number(truth ? 1 : 0);
    } else if (value instanceof String text) {
      kind(Kind.STRING);
      bytes(text.getBytes(UTF_8));
    } else if (value instanceof DecimalValue decimal) {
      kind(Kind.DECIMAL);
      bytes(decimal.text().getBytes(UTF_8));
    } else if (value instanceof Bytes bytes) {
      kind(Kind.BYTES);
      bytes(bytes);
    } else if (value instanceof Image image) {
      kind(Kind.IMAGE);
      bytes(image.mode().getBytes(UTF_8));
      number(image.width());
      number(image.height());
      bytes(image.pixels());
    } else if (value instanceof Tensor tensor) {
      kind(Kind.TENSOR);
      bytes(tensor.dtype().label().getBytes(UTF_8));
      number(tensor.rank());
      for (long size : tensor.shape()) {
        number(size);
      }
      bytes(tensor.data());
    } else if (value instanceof List<?> list) {
      kind(Kind.LIST);
      number(list.size());
      list.forEach(this::value);
    } else {
      throw unknown(value);
    }
  }

  private void numeric(Number number) {
    if (number instanceof Long) {
      kind(Kind.INT64);
      number(number.longValue());
    } else if (number instanceof Integer) {
      kind(Kind.INT32);
      number(number.longValue());
    } else if (number instanceof Short) {
      kind(Kind.INT16);
      number(number.longValue());
    } else if (number instanceof Byte) {
      kind(Kind.INT8);
      number(number.longValue());
    } else if (number instanceof Float single) {
      // The bits: a NaN's payload is content, and 0.0 is not -0.0.
      kind(Kind.FLOAT);
      number(Float.floatToRawIntBits(single));
    } else if (number instanceof Double twice) {
      kind(Kind.DOUBLE);
      number(Double.doubleToRawLongBits(twice));
    } else if (number instanceof BigInteger large) {
      kind(Kind.BIG_INTEGER);
      bytes(large.toByteArray());
    } else {
      throw unknown(number);
    }
  }

  private static IllegalArgumentException unknown(Object value) {
    return new IllegalArgumentException(
        "Cannot hash a " + value.getClass().getName() + ": no sample has such a value");
  }

  private void kind(Kind kind) {
    digest.update(kind.number);
  }

  private void number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
  }

  private void bytes(byte[] content) {
    number(content.length);
    digest.update(content);
  }

  private void bytes(Bytes content) {
    number(content.size());
    digest.update(content.asByteBuffer());
  }
}
