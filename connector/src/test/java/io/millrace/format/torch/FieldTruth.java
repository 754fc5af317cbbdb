// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.format.mds.TestJson;
import io.millrace.sample.Bytes;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.Tensor;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the fields of a sample with what the real tool said of its file, bit by bit. */
final class FieldTruth {

  private final Sample sample;

  /** Fields with values that nothing of the truth was compared with yet. */
  private final Set<String> left = new LinkedHashSet<>();

  private FieldTruth(Sample sample) {
    this.sample = sample;
    for (Field field : sample.schema().fields()) {
      if (!sample.isNull(field.name())) {
        left.add(field.name());
      }
    }
  }

  /** Checks that the sample has everything that the truth has, and nothing else. */
  static void check(Sample sample, Map<String, Object> truth) {
    FieldTruth check = new FieldTruth(sample);
    if (isDict(truth)) {
      check.dict("", truth);
    } else {
      check.value("value", truth);
    }
    assertThat(check.left).as("fields of which the truth knows nothing").isEmpty();
  }

  private static boolean isDict(Map<String, Object> truth) {
    return ((String) truth.get("t")).toLowerCase(Locale.ROOT).endsWith("dict");
  }

  private void dict(String prefix, Map<String, Object> truth) {
    for (Object item : list(truth.get("items"))) {
      value(prefix + key(map(list(item).get(0))), map(list(item).get(1)));
    }
  }

  private static String key(Map<String, Object> truth) {
    if (truth.get("t").equals("tuple")) {
      List<String> parts = list(truth.get("items")).stream().map(part -> key(map(part))).toList();
      return "(" + String.join(", ", parts) + ")";
    }
    return (String) truth.getOrDefault("value", truth.get("repr"));
  }

  private void value(String name, Map<String, Object> truth) {
    if (left.remove(name)) {
      boolean json = sample.schema().field(sample.schema().indexOf(name)).type() == Primitive.JSON;
      Object value = sample.get(name);
      compare(name, json ? TestJson.parse((String) value) : value, truth);
    } else if (truth.get("t").equals("None")) {
      assertThat(sample.isNull(name)).as(name).isTrue();
    } else if (isDict(truth)) {
      dict(name + ".", truth);
    } else if (truth.containsKey("items")) {
      int index = 0;
      for (Object item : list(truth.get("items"))) {
        value(name + "." + index++, map(item));
      }
    } else {
      fail("no field " + name + " in " + sample.schema());
    }
  }

  private static void compare(String where, @Nullable Object value, Map<String, Object> truth) {
    switch ((String) truth.get("t")) {
      case "None" -> assertThat(value).as(where).isNull();
      case "bool" -> assertThat(value).as(where).isEqualTo(truth.get("value"));
      case "int" -> assertThat(String.valueOf(value)).as(where).isEqualTo(truth.get("repr"));
      case "float" -> assertThat(bits(value)).as(where).isEqualTo(truth.get("bits_be_hex"));
      case "npscalar" -> assertThat(bits(value)).as(where).isEqualTo(reversed(truth.get("le_hex")));
      case "str" ->
          assertThat(sha256(((String) value).getBytes(UTF_8))).isEqualTo(truth.get("sha256"));
      case "bytes" ->
          assertThat(sha256(((Bytes) value).toByteArray())).isEqualTo(truth.get("sha256"));
      case "torch.dtype", "torch.device" ->
          assertThat(value).as(where).isEqualTo(truth.get("value"));
      case "torch.Size" -> assertThat(value).as(where).isEqualTo(longs(truth.get("value")));
      case "tensor", "ndarray" -> tensor(where, (Tensor) value, truth);
      case "complex" ->
          assertThat(((Tensor) value).data().asByteBuffer().asDoubleBuffer().get(0))
              .isEqualTo(Double.parseDouble((String) truth.get("re")));
      case "dict" -> assertThat((Map<?, ?>) value).as(where).isEmpty();
      default -> items(where, list(value), list(truth.get("items")));
    }
  }

  private static void items(String where, List<Object> values, List<Object> truth) {
    assertThat(values).as(where).hasSameSizeAs(truth);
    for (int i = 0; i < values.size(); i++) {
      compare(where + " element " + i, values.get(i), map(truth.get(i)));
    }
  }

  static void tensor(String where, Tensor tensor, Map<String, Object> truth) {
    assertThat(tensor.dtype().label()).as(where).isEqualTo(truth.get("dtype"));
    List<Long> shape = new ArrayList<>();
    for (long length : tensor.shape()) {
      shape.add(length);
    }
    assertThat(shape).as(where).isEqualTo(longs(truth.get("shape")));
    assertThat(sha256(tensor.data().toByteArray())).as(where).isEqualTo(truth.get("sha256"));
  }

  private static String bits(@Nullable Object value) {
    return HexFormat.of().toHexDigits(Double.doubleToRawLongBits((Double) value));
  }

  private static String reversed(Object hex) {
    long bits = Bytes.wrap(HexFormat.of().parseHex((String) hex)).asByteBuffer().getLong();
    return HexFormat.of().toHexDigits(bits);
  }

  private static List<Long> longs(Object json) {
    return list(json).stream().map(number -> ((Number) number).longValue()).toList();
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static String sha256(byte[] bytes) {
    return TorchTruth.sha256(bytes);
  }
}
