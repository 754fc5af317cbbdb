// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.FieldType;
import io.millrace.sample.Image;
import io.millrace.sample.Tensor;
import io.millrace.storage.ByteChunks;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class EncodingTest {

  private static final Image RGB = new Image("RGB", 3, 2, bytes(18));

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("bytes", Bytes.EMPTY, Bytes.EMPTY),
        Arguments.of("bytes", bytes(300_000), bytes(300_000)),
        Arguments.of("jpeg", bytes(5), bytes(5)),
        Arguments.of("jpeg:90", bytes(5), bytes(5)),
        Arguments.of("png", bytes(6), bytes(6)),
        Arguments.of("pkl", bytes(7), bytes(7)),
        Arguments.of("str", "", ""),
        Arguments.of("str", "plain", "plain"),
        Arguments.of("str", "é日本𝄞\0", "é日本𝄞\0"),
        Arguments.of("str", "rightly \uFFFD here", "rightly \uFFFD here"),
        Arguments.of("str", "ä".repeat(200_000), "ä".repeat(200_000)),
        Arguments.of("int", Long.MIN_VALUE, Long.MIN_VALUE),
        Arguments.of("int64", Long.MAX_VALUE, Long.MAX_VALUE),
        Arguments.of("uint64", -1L, -1L),
        Arguments.of("int8", -128, -128L),
        Arguments.of("uint8", 255, 255L),
        Arguments.of("int16", -32768, -32768L),
        Arguments.of("uint16", 65535, 65535L),
        Arguments.of("int32", Integer.MIN_VALUE, (long) Integer.MIN_VALUE),
        Arguments.of("uint32", -1, 4294967295L),
        Arguments.of("float16", 65504f, 65504f),
        Arguments.of("float16", Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY),
        Arguments.of("float32", Float.MIN_VALUE, Float.MIN_VALUE),
        Arguments.of("float64", Double.MAX_VALUE, Double.MAX_VALUE),
        Arguments.of("str_int", "-0", BigInteger.ZERO),
        Arguments.of("str_int", "9".repeat(4300), new BigInteger("9".repeat(4300))),
        Arguments.of("str_float", "0.1", 0.1),
        Arguments.of("str_float", "1e+300", 1e300),
        Arguments.of("str_float", "-inf", Double.NEGATIVE_INFINITY),
        Arguments.of("str_decimal", "1E+50", DecimalValue.parse("1E+50")),
        Arguments.of("str_decimal", "-sNaN123", DecimalValue.parse("-sNaN123")),
        Arguments.of("json", "{\"a\": [1, NaN, -Infinity]}", "{\"a\": [1, NaN, -Infinity]}"),
        Arguments.of("json", "9".repeat(4300), "9".repeat(4300)),
        Arguments.of("json", "\"\\ud800\"", "\"\\ud800\""),
        Arguments.of("ndarray", tensor(DType.INT64, 2, 3), tensor(DType.INT64, 2, 3)),
        Arguments.of("ndarray", tensor(DType.UINT8, 300), tensor(DType.UINT8, 300)),
        Arguments.of("ndarray", tensor(DType.FLOAT16, 70_000), tensor(DType.FLOAT16, 70_000)),
        Arguments.of("ndarray:float32", tensor(DType.FLOAT32, 1), tensor(DType.FLOAT32, 1)),
        Arguments.of("ndarray:int16:2,3", tensor(DType.INT16, 2, 3), tensor(DType.INT16, 2, 3)),
        Arguments.of("ndarray:int16:2, 3", tensor(DType.INT16, 2, 3), tensor(DType.INT16, 2, 3)),
        Arguments.of("pil", RGB, RGB),
        Arguments.of("pil", new Image("1", 9, 2, bytes(4)), new Image("1", 9, 2, bytes(4))),
        Arguments.of("pil", new Image("odd", 9, 2, bytes(1)), new Image("odd", 9, 2, bytes(1))),
        Arguments.of("jpeg_array", List.of(bytes(3)), List.of(bytes(3))),
        Arguments.of("jpegarray", List.of(bytes(3), bytes(0)), List.of(bytes(3), bytes(0))),
        Arguments.of("list[jpeg]", List.of(), List.of()),
        Arguments.of("list[png]", List.of(bytes(9), bytes(1)), List.of(bytes(9), bytes(1))),
        Arguments.of("list[pil]", List.of(RGB, RGB), List.of(RGB, RGB)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesDecodeWhereverTheyLie(String encoding, Object given, Object expected)
      throws MalformedValueException {
    byte[] stored = MdsValues.encode(encoding, given);
    int chunk = ByteChunks.CHUNK_SIZE;
    for (int position : new int[] {0, 1, chunk - 1, chunk - 3, chunk - 7, chunk, 2 * chunk - 5}) {
      assertThat(CapturedValue.decode(encoding, stored, position))
          .as("%s at %d", encoding, position)
          .isEqualTo(expected);
    }
  }

  @Test
  void dimensionsMayBeWiderThanNeeded() throws MalformedValueException {
    Tensor two = new Tensor(DType.UINT8, new long[] {2}, Bytes.wrap(new byte[] {7, 8}));
    assertThat(CapturedValue.decode("ndarray", hex("08 04 02 0708"))).isEqualTo(two);
    assertThat(CapturedValue.decode("ndarray", hex("08 05 0200 0708"))).isEqualTo(two);
    assertThat(CapturedValue.decode("ndarray", hex("08 06 02000000 0708"))).isEqualTo(two);
    assertThat(CapturedValue.decode("ndarray", hex("08 07 0200000000000000 0708"))).isEqualTo(two);
  }

  @Test
  void anArrayMayHave63Dimensions() throws MalformedValueException {
    long[] shape = new long[63];
    Arrays.fill(shape, 1);
    byte[] stored = hex("fc " + "01".repeat(63) + "2a");
    assertThat(CapturedValue.decode("ndarray:uint8", stored))
        .isEqualTo(new Tensor(DType.UINT8, shape, Bytes.wrap(new byte[] {42})));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "int | 00 | 0 | the value has 1 bytes; its encoding has 8",
        "uint8 | 0000 | 0 | the value has 2 bytes; its encoding has 1",
        "float16 | 00 | 0 | the value has 1 bytes; its encoding has 2",
        "uint16 | 000000 | 0 | the value has 3 bytes; its encoding has 2",
        "float32 | 0000 | 0 | the value has 2 bytes; its encoding has 4",
        "float64 | 0000 | 0 | the value has 2 bytes; its encoding has 8",
        "str | 61ff62 | 1 | byte 0xff is not valid UTF-8",
        "str | 61c0af | 1 | byte 0xc0 is not valid UTF-8",
        "str | eda080 | 0 | byte 0xed is not valid UTF-8",
        "str | 6162e697 | 2 | byte 0xe6 is not valid UTF-8",
        "str | efbfbdff | 3 | byte 0xff is not valid UTF-8",
        "ndarray | '' | 0 | the value ends after 0 bytes, before its dtype",
        "ndarray | 0a0401 | 0 | dtype byte 10 is not one of MDS",
        "ndarray | 08 | 1 | the value ends after 1 bytes, before its number of dimensions",
        "ndarray | 080001 | 1 | an array of 0 dimensions",
        "ndarray | 080801 | 3 | the value ends after 3 bytes, before its 2 dimensions",
        "ndarray | 08040201 | 3 | uint8[2] needs 2 bytes of values, but the value has 1",
        "ndarray | 080401010101 | 3 | uint8[1] needs 1 bytes of values, but the value has 3",
        "ndarray | 080400 | 0 | dimension 0 is 0",
        "ndarray | 0807ffffffffffffffff00 | 0 | dimension 0 is 18446744073709551615",
        "ndarray | 080a0000010000000100 | 10 | uint8[65536,65536] needs more than 2^31 - 1 bytes of"
            + " values, but the value has 0",
        "ndarray:int64 | 0401 | 2 | int64[1] needs 8 bytes of values, but the value has 0",
        "ndarray:int16:2 | 000000 | 0 | int16[2] needs 4 bytes of values, but the value has 3",
        "pil | 0000 | 2 | the image ends after 2 bytes, within its header of 12",
        "pil | ffffffff01000000010000004c00 | 0 | an image of 4294967295 x 1 pixels",
        "pil | 01000000000000f0010000004c00 | 4 | an image of 1 x 4026531840 pixels",
        "pil | 010000000100000003000000524700 | 14 | the image's mode is not a name of PIL",
        "pil | 010000000100000004000000524742 | 8 | a mode of 4 bytes in a value of 15",
        "pil | 010000000100000003000000524742ffff | 15 | Cannot make an image of mode 'RGB', 1 x 1,"
            + " from 2 bytes: it needs 3 a row",
        "jpeg_array | 00000000 | 0 | a list of 0 elements in 4 bytes",
        "jpeg_array | 000000 | 3 | the list ends after 3 bytes, within its header of 4",
        "jpegarray | ffffffff | 0 | a list of 4294967295 elements in 4 bytes",
        "list[jpeg] | 0100000000000000 | 0 | the list's reserved word is 1, not 0",
        "list[jpeg] | 000000000100000005000000ff | 8 | element 0 has 5 bytes, of which 1 are there",
        "list[png] | 000000000100000000000000ff | 12 | 1 bytes follow the last element",
        "list[pil] | 00000000010000000100000000 | 13 | element 0: the image ends after 1 bytes,"
            + " within its header of 12",
      })
  void malformedBytesAreRefused(String encoding, String stored, int at, String problem) {
    byte[] bytes = stored.equals("''") ? new byte[0] : hex(stored);
    assertThatThrownBy(() -> CapturedValue.decode(encoding, bytes))
        .isInstanceOf(MalformedValueException.class)
        .hasMessage(problem)
        .extracting(e -> ((MalformedValueException) e).at())
        .isEqualTo((long) at);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "str_int | | \"\" is not a whole number",
        "str_int | - | \"-\" is not a whole number",
        "str_int | 1_000 | \"1_000\" is not a whole number",
        "str_int | 1.0 | \"1.0\" is not a whole number",
        "str_int | ١ | \"١\" is not a whole number",
        "str_float | | \"\" is not a number",
        "str_float | 1d | \"1d\" is not a number",
        "str_float | 1f | \"1f\" is not a number",
        "str_float | 0x1p3 | \"0x1p3\" is not a number",
        "str_float | . | \".\" is not a number",
        "str_float | 1e | \"1e\" is not a number",
        "str_float | 1e+ | \"1e+\" is not a number",
        "str_float | NaN | \"NaN\" is not a number",
        "str_float | Infinity | \"Infinity\" is not a number",
        "str_float | 1.5.2 | \"1.5.2\" is not a number",
        "str_decimal | abc | Cannot read 'abc' as a decimal: not a form of Python's str(Decimal)",
      })
  void malformedNumbersAreRefused(String encoding, String stored, String problem) {
    String text = stored == null ? "" : stored;
    assertThatThrownBy(() -> CapturedValue.decode(encoding, text))
        .isInstanceOf(MalformedValueException.class)
        .hasMessage(problem);
  }

  @Test
  void numbersAreBounded() {
    String digits = "1".repeat(4301);
    assertThatThrownBy(() -> CapturedValue.decode("str_int", digits))
        .hasMessage("a whole number of 4301 digits; at most 4300 are read");
    assertThatThrownBy(() -> CapturedValue.decode("str_int", digits + "1"))
        .hasMessage("a number of 4302 characters; at most 4301 are read");
    assertThatThrownBy(() -> CapturedValue.decode("str_float", "1".repeat(1001)))
        .hasMessage("a number of 1001 characters; at most 1000 are read");
    assertThatThrownBy(() -> CapturedValue.decode("str_decimal", "1".repeat(10_001)))
        .hasMessage("a number of 10001 characters; at most 10000 are read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "1 2",
        "{} x",
        "'a'",
        "INF",
        "-INF",
        "+Infinity",
        "[+1]",
        "01",
        "1.",
        "nan",
        "True",
        "\"\\x\"",
        "\"a",
        "{a: 1}",
        "[1}",
        "\ufeff1",
        "\u00001"
      })
  void textThatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> CapturedValue.decode("json", text))
        .isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", " true ", "-0.0", "1e999", "\"é\"", "[[], {}]", "{\"a\": 1, \"a\": 2}"})
  void jsonIsHandedOverAsItIsStored(String text) throws MalformedValueException {
    assertThat(CapturedValue.decode("json", text)).isEqualTo(text);
  }

  @Test
  void jsonNestsUpToPythonsDepth() throws MalformedValueException {
    String deep = "[".repeat(1000) + "]".repeat(1000);
    assertThat(CapturedValue.decode("json", deep)).isEqualTo(deep);
    assertThatThrownBy(() -> CapturedValue.decode("json", "[" + deep + "]"))
        .isInstanceOf(MalformedValueException.class)
        .hasMessageContaining("nesting depth (1001) exceeds the maximum allowed (1000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "Int", "int128", "bool", "ndarray:complex64", "ndarray:uint8:2:3", "ndarray:uint8:",
        "ndarray:uint8:a", "ndarray::2", "jpeg:101", "jpeg:", "png:5", "list[str]", "int:8"
      })
  void unknownEncodingsAreRefusedWithThoseThatExist(String text) {
    assertThatThrownBy(() -> Encoding.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown encoding \"" + text + "\"; known: bytes, str, int, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ndarray:uint8:0", "ndarray:uint8:2147483648"})
  void shapesThatNoArrayHasAreRefused(String text) {
    assertThatThrownBy(() -> Encoding.parse(text))
        .hasMessage("encoding \"" + text + "\" has a shape that no array of MDS has");
  }

  @Test
  void arraysBeyondTwoGigabytesAreRefused() {
    assertThatThrownBy(() -> Encoding.parse("ndarray:float64:65536,65536"))
        .hasMessage(
            "encoding \"ndarray:float64:65536,65536\" has values of more than 2^31 - 1 bytes");
  }

  @Test
  void typesTellWhatAllValuesShare() {
    assertThat(Encoding.parse("ndarray").type()).hasToString("tensor<?>");
    assertThat(Encoding.parse("ndarray:uint8").type()).hasToString("tensor<uint8>");
    assertThat(Encoding.parse("ndarray:uint8:28,28").type()).hasToString("tensor<uint8>[28,28]");
    assertThat(Encoding.parse("ndarray:uint8:28,28").fixedSize()).isEqualTo(784);
    assertThat(Encoding.parse("list[pil]").type()).hasToString("list<image>");
    assertThat(Encoding.parse("uint64").type()).isEqualTo(FieldType.Primitive.UINT64);
  }

  private static Bytes bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + 7);
    }
    return Bytes.wrap(bytes);
  }

  private static Tensor tensor(DType dtype, long... shape) {
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return new Tensor(dtype, shape, bytes((int) count * dtype.byteSize()));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
