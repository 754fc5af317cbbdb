// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.mds.TestJson;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PyNone;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares a value with what the real tool said of it. */
final class TorchTruth {

  private TorchTruth() {}

  /** What a truth file says: of each file the description of its value. */
  static Map<String, Map<String, Object>> of(String truthFile) {
    Map<String, Map<String, Object>> values = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(TorchSets.path(truthFile))) {
        Map<String, Object> facts = TestJson.object(line);
        values.put((String) facts.get("file"), map(facts.get("value")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return values;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  /** Checks a value, and all that is in it, bit by bit. */
  static void check(String where, Object value, Map<String, Object> truth) {
    switch ((String) truth.get("t")) {
      case "dict", "OrderedDict", "defaultdict" -> dict(where, (PyDict) value, truth);
      case "list" -> items(where, ((PyList) value).items(), truth);
      case "tuple" -> items(where, ((PyTuple) value).items(), truth);
      case "set" -> items(where, sorted((PySet) value), truth);
      case "tensor", "ndarray", "complex" -> number(where, value, truth);
      case "sparse_tensor", "sparse_csr" -> sparse(where, (PyDict) value, truth);
      case "npscalar" -> scalar(where, value, truth);
      case "torch.Size" -> assertThat(longs((PyTuple) value)).as(where).isEqualTo(truth(truth));
      default -> simple(where, value, truth);
    }
  }

  private static void simple(String where, Object value, Map<String, Object> truth) {
    switch ((String) truth.get("t")) {
      case "str" -> {
        String text = (String) value;
        assertThat(sha256(text.getBytes(UTF_8))).as(where).isEqualTo(truth.get("sha256"));
      }
      case "bytes" -> {
        byte[] bytes = ((Bytes) value).toByteArray();
        assertThat(sha256(bytes)).as(where).isEqualTo(truth.get("sha256"));
      }
      case "bool" -> assertThat(value).as(where).isEqualTo(truth.get("value"));
      case "int" -> assertThat(value.toString()).as(where).isEqualTo(truth.get("repr"));
      case "float" -> {
        String bits = HexFormat.of().toHexDigits(Double.doubleToRawLongBits((Double) value));
        assertThat(bits).as(where).isEqualTo(truth.get("bits_be_hex"));
      }
      case "None" -> assertThat(value).as(where).isEqualTo(PyNone.NONE);
      case "torch.dtype", "torch.device", "torch.qscheme", "np.dtype", "type" ->
          assertThat(((TorchConstant) value).text()).as(where).isEqualTo(truth.get("value"));
      default -> throw new IllegalArgumentException("Cannot check a " + truth.get("t"));
    }
  }

  private static void dict(String where, PyDict dict, Map<String, Object> truth) {
    List<Object> items = list(truth.get("items"));
    assertThat(dict.items()).as(where).hasSameSizeAs(items);
    int i = 0;
    for (Map.Entry<Object, Object> item : dict.items().entrySet()) {
      List<Object> expected = list(items.get(i++));
      check(where + " key " + i, item.getKey(), map(expected.get(0)));
      check(where + " of " + item.getKey(), item.getValue(), map(expected.get(1)));
    }
  }

  private static void items(String where, List<Object> values, Map<String, Object> truth) {
    List<Object> items = list(truth.get("items"));
    assertThat(values).as(where).hasSameSizeAs(items);
    for (int i = 0; i < values.size(); i++) {
      check(where + " element " + i, values.get(i), map(items.get(i)));
    }
  }

  /** The truth lists what a set contains in ascending order. */
  private static List<Object> sorted(PySet set) {
    return set.items().stream().sorted((a, b) -> Long.compare((Long) a, (Long) b)).toList();
  }

  private static void number(String where, Object value, Map<String, Object> truth) {
    if (truth.get("t").equals("complex")) {
      ByteBuffer parts =
          ByteBuffer.wrap(((TensorValue) value).toBytes()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(parts.getDouble()).as(where).isEqualTo(python((String) truth.get("re")));
      assertThat(parts.getDouble()).as(where).isEqualTo(python((String) truth.get("im")));
    } else if (value instanceof PyDict quantised) {
      quantised(where, quantised, truth);
    } else {
      tensor(where, (TensorValue) value, (String) truth.get("dtype"), truth);
    }
  }

  private static double python(String number) {
    return number.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(number);
  }

  private static void tensor(
      String where, TensorValue tensor, String dtype, Map<String, Object> truth) {
    assertThat(tensor.dtype().label()).as(where).isEqualTo(dtype);
    assertThat(longs(tensor.shape())).as(where).isEqualTo(longs(truth.get("shape")));
    if (truth.containsKey("stride")) {
      assertThat(longs(tensor.strides())).as(where).isEqualTo(longs(truth.get("stride")));
    }
    byte[] bytes = tensor.toBytes();
    assertThat(tensor.byteSize()).as(where).isEqualTo(bytes.length);
    assertThat(sha256(bytes)).as(where + " " + truth).isEqualTo(truth.get("sha256"));
  }

  private static void quantised(String where, PyDict dict, Map<String, Object> truth) {
    Map<Object, Object> parts = dict.items();
    assertThat(parts.get("dtype"))
        .as(where)
        .isEqualTo(new TorchConstant("torch." + truth.get("dtype")));
    TensorValue values = (TensorValue) parts.get("values");
    String stored = ((String) truth.get("dtype")).replace("q", "");
    tensor(where, values, stored, truth);
    if (truth.containsKey("scale")) {
      assertThat(parts.get("scale")).as(where).isEqualTo(truth.get("scale"));
      assertThat(parts.get("zero_point").toString()).isEqualTo(truth.get("zero_point").toString());
    }
    for (String part : List.of("scales", "zero_points")) {
      if (truth.containsKey(part)) {
        check(where + " " + part, parts.get(part), map(truth.get(part)));
      }
    }
  }

  private static void sparse(String where, PyDict dict, Map<String, Object> truth) {
    Map<Object, Object> parts = dict.items();
    assertThat(longs((PyTuple) parts.get("size"))).isEqualTo(longs(truth.get("shape")));
    String layout = truth.get("t").equals("sparse_csr") ? "torch.sparse_csr" : "torch.sparse_coo";
    assertThat(parts.get("layout")).as(where).isEqualTo(new TorchConstant(layout));
    for (String part : List.of("indices", "crow_indices", "col_indices", "values")) {
      if (truth.containsKey(part)) {
        check(where + " " + part, parts.get(part), map(truth.get(part)));
      } else {
        assertThat(parts).as(where).doesNotContainKey(part);
      }
    }
  }

  private static void scalar(String where, Object value, Map<String, Object> truth) {
    String hex = (String) truth.get("le_hex");
    if (value instanceof TensorValue tensor) {
      assertThat(HexFormat.of().formatHex(tensor.toBytes())).as(where).isEqualTo(hex);
      return;
    }
    NumpyScalar scalar = (NumpyScalar) value;
    assertThat(scalar.dtype().label()).as(where).isEqualTo(truth.get("dtype"));
    assertThat(HexFormat.of().formatHex(ScalarBytes.of(scalar))).as(where).isEqualTo(hex);
  }

  private static List<Long> longs(PyTuple tuple) {
    List<Long> longs = new ArrayList<>();
    tuple.items().forEach(item -> longs.add((Long) item));
    return longs;
  }

  private static List<Long> longs(long[] numbers) {
    List<Long> longs = new ArrayList<>();
    for (long number : numbers) {
      longs.add(number);
    }
    return longs;
  }

  private static List<Long> longs(Object json) {
    return list(json).stream().map(number -> ((Number) number).longValue()).toList();
  }

  private static List<Long> truth(Map<String, Object> truth) {
    return longs(truth.get("value"));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
