// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** Stored values that a decoder may stumble over. */
final class FuzzHostile {

  private static final List<byte[]> NUMBERS =
      texts(
          "",
          "-",
          "+",
          ".",
          "e",
          "+5",
          "-0",
          "007",
          " 12",
          "1_000",
          "\u0661\u0662",
          "0x1p3",
          "1d",
          "9".repeat(19),
          "9".repeat(4300),
          "-" + "9".repeat(4301),
          "0".repeat(5000),
          "1e999",
          "1e-999",
          "1e99999999999",
          "nan",
          "NaN",
          "sNaN",
          "-inf",
          "Infinity",
          "INF",
          "1E+999999999",
          "1E-999999999",
          "1E+2147483648",
          "1E+99999999999999999999",
          "0." + "3".repeat(900));

  private static final List<byte[]> JSON =
      texts(
          "",
          "[".repeat(2000),
          "[".repeat(999) + "]".repeat(999),
          "{\"a\":".repeat(999) + "1" + "}".repeat(999),
          "{\"a\":1,\"a\":2}",
          "[1,]",
          "tru",
          "\"",
          "\"\\ud800\"",
          "\"\\u00",
          "1 2",
          "{} {}",
          "\u0000",
          "\ufeff{}",
          "\ufffd",
          "null",
          "-Infinity",
          "INF",
          "1.",
          ".5",
          "01",
          "1e999999999",
          "9".repeat(5000),
          "\"" + "x".repeat(70_000) + "\"");

  /** Not UTF-8: overlong, half a surrogate pair, beyond the last character, cut. */
  private static final List<byte[]> BYTES =
      hexes("", "c080", "eda080", "f4908080", "e282", "80", "ff", "00");

  /** Dimensions whose product is 0 modulo 2^64, or negative, or none; no dtype. */
  private static final List<byte[]> TENSORS =
      hexes(
          "",
          "080b00000000010000000000000001000000",
          "420b00000000000000800200000000000000",
          "08fdff0100000000000000",
          "080400",
          "0800",
          "ff0401",
          "08",
          "0808ffffffff",
          "0c00",
          "0b0000000001000000",
          "0a0000010000000100",
          "04ff",
          "2206ffffffffffffffff",
          "08fc" + "ff".repeat(63),
          "08ff" + "01".repeat(63 * 8),
          "fc" + "02".repeat(63));

  /** Width, height, length of the mode, mode, pixels. */
  private static final List<byte[]> IMAGES =
      hexes(
          "",
          "0000010000000100010000004c",
          "ffffffffffffffff010000004c",
          "0000000000000000ffffffff",
          "010000000100000000000000",
          "0100000001000000010000003180",
          "000000000000000003000000524742",
          "010000000100000004000000493b31360000",
          "010000000100000002000000000000");

  /** Reserved word, number of elements, their lengths, elements. */
  private static final List<byte[]> LISTS =
      hexes(
          "",
          "ffffffff",
          "00000000ffffffff",
          "0000000000000000",
          "0000000002000000ffffffff01000000",
          "020000000000008000000080",
          "0100000000000000",
          "010000000100000000",
          "0000000000",
          "00000000010000000d0000000100000001000000010000004c",
          "0000000001000000000000",
          "01000000");

  private FuzzHostile() {}

  /** A value for a column, mostly one made for its encoding. */
  static byte[] value(SplittableRandom random, String encoding) {
    List<List<byte[]>> all = List.of(NUMBERS, JSON, BYTES, TENSORS, IMAGES, LISTS);
    List<byte[]> values =
        random.nextInt(5) == 0 ? all.get(random.nextInt(all.size())) : valuesFor(encoding);
    return values.get(random.nextInt(values.size()));
  }

  private static List<byte[]> valuesFor(String encoding) {
    return switch (encoding.split("[:\\[]", 2)[0]) {
      case "str_int", "str_float", "str_decimal", "int", "float" -> NUMBERS;
      case "json" -> JSON;
      case "ndarray" -> TENSORS;
      case "pil" -> IMAGES;
      case "list", "jpeg_array", "jpegarray" -> LISTS;
      default -> BYTES;
    };
  }

  private static List<byte[]> texts(String... texts) {
    List<byte[]> values = new ArrayList<>();
    for (String text : texts) {
      values.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return values;
  }

  private static List<byte[]> hexes(String... hexes) {
    List<byte[]> values = new ArrayList<>();
    for (String hex : hexes) {
      values.add(HexFormat.of().parseHex(hex));
    }
    return values;
  }
}
