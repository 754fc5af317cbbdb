// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.Image;
import io.millrace.sample.Sample;
import io.millrace.sample.Tensor;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets that the real writer wrote decode to what the real reader read. */
@Tag("unit")
class MdsTruthTest {

  /** PNGs whose stored form Java shows as it is; the rest it expands or maps. */
  private static final Set<String> COMPARED_MODES = Set.of("RGB", "RGBA", "L", "LA", "P");

  private static final List<String> TYPES_WITHOUT_FACTS = List.of("None", "set", "complex");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "csv-none",
        "json-br",
        "json-none",
        "mds-all-gz",
        "mds-all-none",
        "mds-all-snappy",
        "mds-all-zstd",
        "mds-colnames",
        "mds-fixed",
        "mds-manyshards-zstd",
        "mds-oversize",
        "mds-pkl",
        "mds-preencoded",
        "mds-split/train",
        "mds-split/val",
        "mds-text-br11",
        "mds-text-bz2",
        "mds-text-gz1",
        "mds-text-zstd19",
        "xsv-pipe"
      })
  void everySampleIsWhatTheReferenceRead(String set) throws IOException {
    Path directory = MdsSets.path(set);
    Map<String, String> encodings = encodings(directory);
    List<String> truth = Files.readAllLines(MdsSets.path(set.replace('/', '.') + ".truth.jsonl"));
    List<Sample> samples = MdsSets.readAll(directory);

    assertThat(samples).hasSize(truth.size());
    for (int i = 0; i < truth.size(); i++) {
      Sample sample = samples.get(i);
      Map<String, Object> columns = map(TestJson.object(truth.get(i)).get("columns"));
      assertThat(sample.schema().fields())
          .extracting("name")
          .containsExactlyElementsOf(
              encodings.keySet().stream().sorted(MdsTruthTest::byCodePoint).toList());
      assertThat(columns.keySet()).containsExactlyInAnyOrderElementsOf(encodings.keySet());
      for (var column : columns.entrySet()) {
        Object value = sample.get(column.getKey());
        String where = set + " sample " + i + " column " + column.getKey();
        check(where, encodings.get(column.getKey()), value, map(column.getValue()));
      }
    }
  }

  @Test
  void fashionMnistHasTheImagesAndLabelsOfItsTruthFile() throws Exception {
    Map<String, Object> truth =
        TestJson.object(Files.readString(MdsSets.path("fashion-mnist-2k.truth.json")));
    List<Sample> samples = MdsSets.readAll(MdsSets.path("fashion-mnist-2k"));

    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    BigInteger[] labels = new BigInteger[10];
    Arrays.fill(labels, BigInteger.ZERO);
    for (Sample sample : samples) {
      digest.update(sample.getTensor("image").data().asByteBuffer());
      int label = (int) sample.getLong("label");
      digest.update((byte) label);
      labels[label] = labels[label].add(BigInteger.ONE);
    }
    assertThat(samples).hasSize(((BigInteger) truth.get("samples")).intValue());
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo(truth.get("sha256_of_image_bytes_then_label_byte_in_order"));
    assertThat((Object) List.of(labels)).isEqualTo(truth.get("labels"));
    assertThat((Object) samples.stream().limit(5).map(s -> s.getString("id")).toList())
        .isEqualTo(truth.get("first_ids"));
    assertThat(samples.get(0).getTensor("image").dtype()).isEqualTo(DType.UINT8);
    assertThat(samples.get(0).getTensor("image").shape()).containsExactly(28, 28);
  }

  private static int byCodePoint(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> encodings(Path directory) throws IOException {
    List<Object> shards =
        list(TestJson.object(Files.readString(directory.resolve("index.json"))).get("shards"));
    Map<String, Object> shard = map(shards.get(0));
    Map<String, String> encodings = new HashMap<>();
    if (shard.containsKey("columns")) {
      map(shard.get("columns")).forEach((name, type) -> encodings.put(name, "text:" + type));
      return encodings;
    }
    List<Object> names = list(shard.get("column_names"));
    boolean mds = shard.get("format").equals("mds");
    for (int i = 0; i < names.size(); i++) {
      String encoding = (String) list(shard.get("column_encodings")).get(i);
      encodings.put((String) names.get(i), mds ? encoding : "text:" + encoding);
    }
    return encodings;
  }

  private static void check(String where, String encoding, Object value, Map<String, Object> truth)
      throws IOException {
    if (truth.containsKey("enc_sha256") && !encoding.equals("str_float")) {
      byte[] stored = MdsValues.encode(encoding, value);
      assertThat(stored.length).as(where).isEqualTo(intOf(truth.get("enc_len")));
      assertThat(sha256(stored)).as(where).isEqualTo(truth.get("enc_sha256"));
    }
    if (encoding.equals("json")) {
      checkJson(where, TestJson.parse((String) value), truth);
      return;
    }
    String type = (String) truth.get("t");
    if (encoding.equals("pkl") || TYPES_WITHOUT_FACTS.contains(type)) {
      assertThat(value).as(where).isInstanceOf(Bytes.class);
      return;
    }
    switch (type) {
      case "bytes" -> checkBytes(where, (Bytes) value, truth);
      case "str" -> checkString(where, (String) value, truth);
      case "int" -> assertThat(value.toString()).as(where).isEqualTo(truth.get("repr"));
      case "decimal" ->
          assertThat(((DecimalValue) value).text()).as(where).isEqualTo(truth.get("repr"));
      case "float" ->
          assertThat("%016x".formatted(Double.doubleToRawLongBits((Double) value)))
              .as(where)
              .isEqualTo(truth.get("bits_be_hex"));
      case "npscalar" -> checkScalar(where, encoding, value, truth);
      case "ndarray" -> checkTensor(where, (Tensor) value, truth);
      case "image" -> checkImage(where, value, truth);
      case "list" -> {
        List<Object> items = list(truth.get("items"));
        List<?> elements = (List<?>) value;
        assertThat(elements).as(where).hasSize(items.size());
        for (int i = 0; i < items.size(); i++) {
          checkImage(where + " element " + i, elements.get(i), map(items.get(i)));
        }
      }
      default -> throw new AssertionError("no check for " + where + ": " + type);
    }
  }

  private static void checkBytes(String where, Bytes value, Map<String, Object> truth) {
    assertThat(value.size()).as(where).isEqualTo(intOf(truth.get("len")));
    assertThat(sha256(value.toByteArray())).as(where).isEqualTo(truth.get("sha256"));
    if (truth.containsKey("b64")) {
      assertThat(Base64.getEncoder().encodeToString(value.toByteArray()))
          .as(where)
          .isEqualTo(truth.get("b64"));
    }
  }

  private static void checkString(String where, String value, Map<String, Object> truth) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    assertThat(value).as(where).isEqualTo(truth.get("value"));
    assertThat(utf8.length).as(where).isEqualTo(intOf(truth.get("utf8_len")));
    assertThat(sha256(utf8)).as(where).isEqualTo(truth.get("sha256"));
  }

  private static void checkScalar(
      String where, String encoding, Object value, Map<String, Object> truth) {
    assertThat(encoding).as(where).isEqualTo(truth.get("dtype"));
    assertThat(HexFormat.of().formatHex(MdsValues.encode(encoding, value)))
        .as(where)
        .isEqualTo(truth.get("le_hex"));
    if (!encoding.startsWith("float")) {
      assertThat(value.toString()).as(where).isEqualTo(truth.get("repr"));
    }
  }

  private static void checkTensor(String where, Tensor value, Map<String, Object> truth) {
    assertThat(value.dtype().label()).as(where).isEqualTo(truth.get("dtype"));
    assertThat(Arrays.stream(value.shape()).mapToObj(BigInteger::valueOf).toList())
        .as(where)
        .isEqualTo(truth.get("shape"));
    assertThat(value.data().size()).as(where).isEqualTo(intOf(truth.get("nbytes")));
    assertThat(sha256(value.data().toByteArray())).as(where).isEqualTo(truth.get("sha256"));
  }

  private static void checkImage(String where, Object value, Map<String, Object> truth)
      throws IOException {
    List<Object> size = list(truth.get("size_wh"));
    if (value instanceof Image image) {
      assertThat(image.mode()).as(where).isEqualTo(truth.get("mode"));
      assertThat(image.width()).as(where).isEqualTo(intOf(size.get(0)));
      assertThat(image.height()).as(where).isEqualTo(intOf(size.get(1)));
      assertThat(sha256(image.pixels().toByteArray()))
          .as(where)
          .isEqualTo(truth.get("pixels_sha256"));
      return;
    }
    byte[] file = ((Bytes) value).toByteArray();
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
    assertThat(image.getWidth()).as(where).isEqualTo(intOf(size.get(0)));
    assertThat(image.getHeight()).as(where).isEqualTo(intOf(size.get(1)));
    if (truth.get("format").equals("PNG") && COMPARED_MODES.contains(truth.get("mode"))) {
      Raster raster = image.getRaster();
      int[] samples = raster.getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
      byte[] pixels = new byte[samples.length];
      for (int i = 0; i < samples.length; i++) {
        pixels[i] = (byte) samples[i];
      }
      assertThat(sha256(pixels)).as(where).isEqualTo(truth.get("pixels_sha256"));
    }
  }

  private static void checkJson(String where, Object value, Map<String, Object> truth) {
    switch ((String) truth.get("t")) {
      case "None" -> assertThat(value).as(where).isNull();
      case "bool" -> assertThat(value).as(where).isEqualTo(truth.get("value"));
      case "int" -> assertThat(value.toString()).as(where).isEqualTo(truth.get("repr"));
      case "str" -> checkString(where, (String) value, truth);
      case "float" ->
          assertThat("%016x".formatted(Double.doubleToRawLongBits((Double) value)))
              .as(where)
              .isEqualTo(truth.get("bits_be_hex"));
      case "list" -> {
        List<Object> items = list(truth.get("items"));
        assertThat((List<?>) value).as(where).hasSize(items.size());
        for (int i = 0; i < items.size(); i++) {
          checkJson(where, list(value).get(i), map(items.get(i)));
        }
      }
      case "dict" -> {
        List<Object> items = list(truth.get("items"));
        assertThat(map(value)).as(where).hasSize(items.size());
        for (Object item : items) {
          String key = (String) map(list(item).get(0)).get("value");
          checkJson(where, map(value).get(key), map(list(item).get(1)));
        }
      }
      default -> throw new AssertionError("no check for " + where + ": " + truth);
    }
  }

  private static int intOf(Object number) {
    return ((BigInteger) number).intValueExact();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
