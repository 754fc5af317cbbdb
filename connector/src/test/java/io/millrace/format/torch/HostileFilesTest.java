// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.torch.TorchLayouts.counted;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.CorruptObjectException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files that were made to cost more than they are worth. Each is refused, says why, and takes no
 * more than twice its own length of heap; where it gets as far as to make many small values, no
 * more than those may take.
 */
@Timeout(20)
@Tag("unit")
class HostileFilesTest {

  /** What a value that takes a byte of a pickle may take on the heap. */
  private static final long OF_VALUES = 64;

  private static void refused(byte[] file, String message) {
    refused(file, 2, message);
  }

  private static void refused(byte[] file, long times, String message) {
    MeasuredOpening opening = MeasuredOpening.of(file, false);
    assertThat(opening.failure())
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageStartingWith("Corrupt object file:/data/sample.pt at offset ")
        .hasMessageContaining(message);
    assertThat(opening.heap()).isLessThan(times * file.length + MeasuredOpening.ALWAYS);
    assertThat(opening.given()).isZero();
  }

  /** A file of the zip layout with a pickle that is written as a string of bytes. */
  private static byte[] zip(String pickle, byte[]... storages) {
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", pickle.getBytes(ISO_8859_1));
    for (int i = 0; i < storages.length; i++) {
      zip.add("archive/data/" + i, storages[i]);
    }
    return zip.bytes();
  }

  private static byte[] legacy(Object keys, byte[]... storages) {
    Object storage = Py.legacyStorage("torch.FloatStorage", "0", 4, null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(TorchLayouts.legacyHead(true));
    out.writeBytes(Py.pickle(Py.tensor(storage, 0, Py.tuple(4), Py.tuple(1))));
    out.writeBytes(keys instanceof byte[] raw ? raw : Py.pickle(keys));
    out.writeBytes(concatenate(storages));
    return out.toByteArray();
  }

  @Test
  void nestedAsDeepAsCanBe() {
    refused(zip("]".repeat(500_000)), "EMPTY_LIST: the stack would hold more than 10000 values");
    refused(zip("(".repeat(500_000)), "MARK: there would be more than 1000 marks");
    refused(zip("]\224".repeat(300_000)), "EMPTY_LIST: the stack would hold more than 10000");
    refused(zip("N" + "2".repeat(100_000)), "DUP: the stack would hold more than 10000 values");
  }

  @Test
  void lengthsThatLie() {
    String most = "\377\377\377\377";
    refused(zip("X" + most), "BINUNICODE: the pickle ends 0 bytes on, 4294967295 are to come");
    refused(zip("B\377\377\377\177"), "BINBYTES: the pickle ends 0 bytes on, 2147483647");
    refused(zip("\215" + most + most), "BINUNICODE8: the pickle ends 0 bytes on, 1844674407370955");
    refused(zip("\226\0\0\0\0\1\0\0\0"), "BYTEARRAY8: the pickle ends 0 bytes on, 4294967296");
    refused(zip("\213\377\377\377\177"), "LONG4: the pickle ends 0 bytes on, 2147483647 are to");
    refused(zip("\213\0\0\0\200"), "LONG4: its length is negative: -2147483648");
    refused(zip("\225" + most + most), "FRAME: the pickle ends 0 bytes on");
    refused(zip("Nr\377\377\377\377."), "LONG_BINPUT: 4294967295 is too large a number");
    refused(zip("Nr\377\377\377\1770j\376\377\377\177."), "nothing was remembered as 2147483646");
  }

  @Test
  void numbersOfManyDigits() {
    refused(zip("I" + "9".repeat(500_000) + "\n."), "INT: its line is longer than 4301 bytes");
    refused(zip("L" + "9".repeat(500_000) + "L\n."), "LONG: its line is longer than 4302 bytes");
    String length = "\0\0\1\0";
    refused(zip("\213" + length + "\177".repeat(65_536) + "."), "65536 bytes is longer than 4300");
  }

  @Test
  void namesWithoutAnEnd() {
    refused(
        zip("c" + "a".repeat(500_000) + "\nb\n."), "GLOBAL: its line is longer than 1000 bytes");
    refused(zip("P" + "a".repeat(500_000) + "\n."), "PERSID: its line is longer than 1000 bytes");
    refused(zip("ctorch\n" + "a".repeat(999) + "\n."), "GLOBAL: it names torch.aaaaaaaaaaaaaaaaaa");
  }

  @Test
  void callsThatCopyOverAndOver() {
    // each call passes the one long value with two bytes
    String set = "cbuiltins\nlist\nq\0000(" + "N".repeat(5_000) + "tq\0010";
    refused(
        zip("(" + set + "h\0h\1\205R".repeat(1_000) + "t."),
        OF_VALUES,
        "REDUCE: its calls copy more than 4 times the ");
    String bytes = "c_codecs\nencode\nq\0000X\0\0\1\0" + "a".repeat(65_536) + "U\6latin1\206q\0010";
    refused(
        zip("(" + bytes + "h\0h\1R".repeat(1_000) + "t."),
        OF_VALUES,
        "its calls copy more than 4 times");
  }

  @Test
  void keysThatAreHashedForLong() {
    // 2 to the power of 60 elements, all of them one
    StringBuilder laughs = new StringBuilder("K\1");
    for (int level = 0; level < 60; level++) {
      laughs.append("2\206");
    }
    refused(zip("}" + laughs + "Ns."), "SETITEM: a key with a tuple of length 2 is too deep");
    refused(
        zip("\217(" + laughs + "\220."), "ADDITEMS: a key with a tuple of length 2 is too deep");
    String deep = ")" + "\205".repeat(200_000);
    refused(
        zip("}" + deep + "Ns."), OF_VALUES, "SETITEM: a key with a tuple of length 1 is too deep");
    for (String key : List.of(laughs.toString(), ")" + "\205".repeat(200_000), "}", "]")) {
      refused(
          legacy(("](" + key + "e.").getBytes(ISO_8859_1)),
          OF_VALUES,
          "is listed, but the pickle does not name it or only once");
    }
  }

  @Test
  void persistentIdsOfOddShapes() {
    String wrong = "a persistent id is ";
    refused(zip("P0\n."), "PERSID: " + wrong + "a str, not a tuple");
    refused(zip("NQ."), "BINPERSID: " + wrong + "None, not a tuple");
    refused(zip("]Q."), "BINPERSID: " + wrong + "a list, not a tuple");
    refused(zip(")Q."), "a persistent id is passed 0 values where it takes 5 to 6");
    refused(zip("(NNNNNNNtQ."), "a persistent id is passed 7 values where it takes 5 to 6");
    refused(zip("(NNNNNtQ."), "a persistent id is passed None as value 1 where it takes a str");
    refused(zip("(U\6moduleNNNNtQ."), "a persistent id is of a module, not of a storage");
    String storage = "(U\7storage";
    refused(zip(storage + "NNNNtQ."), "None as value 2 where it takes a name that may stand there");
    refused(
        zip(storage + "ctorch\nfloat32\nU\0010U\3cpuK\4tQ."),
        "a storage is of type torch.float32, which does not say what its elements are");
    String floats = storage + "ctorch\nFloatStorage\n";
    refused(zip(floats + "K\0U\3cpuK\4tQ."), "an int as value 3 where it takes a str");
    refused(zip(floats + "U\0010U\3cpuJ\377\377\377\377tQ."), "storage 0 has -1 elements");
    refused(zip(floats + "U\0010U\3cpu\212\11\0\0\0\0\0\0\0\0\1tQ."), "an int as value 5 where it");
    refused(zip(floats + "U\0010U\3cpuG\0\0\0\0\0\0\0\0tQ."), "a float as value 5 where it takes");
    refused(zip(floats + "U\0010U\3cpuK\4K\1tQ."), "an int as value 6 where it takes a tuple");
    refused(
        zip(floats + "U\7../../0U\3cpuK\4tQ."), "it names storage ../../0, but there is no rec");
    refused(
        zip(floats + "U\0010U\3cpu\212\10\377\377\377\377\377\377\377\177tQ.", new byte[16]),
        "storage 0 is said to be of 9223372036854775807 elements of float32, but its record has 16");
  }

  @Test
  void viewsThatReachOutOfTheirStorage() {
    Object storage = Py.storage("torch.FloatStorage", "0", 4);
    byte[] bytes = new byte[16];
    Map<String, Object> wrong =
        Map.of(
            "must not have negative numbers", Py.tensor(storage, -1, Py.tuple(1), Py.tuple(1)),
            "float32[-1], offset 0", Py.tensor(storage, 0, Py.tuple(-1), Py.tuple(1)),
            "strides [-1] must not", Py.tensor(storage, 3, Py.tuple(4), Py.tuple(-1)),
            "goes beyond its storage of 4 elements",
                Py.tensor(storage, 1, Py.tuple(4), Py.tuple(1)),
            "offset 9223372036854775807 and",
                Py.tensor(storage, Long.MAX_VALUE, Py.tuple(1), Py.tuple(1)),
            "strides [9223372036854775807,9223372036854775807] goes beyond",
                Py.tensor(storage, 0, Py.tuple(3, 3), Py.tuple(Long.MAX_VALUE, Long.MAX_VALUE)),
            "takes more than the 2147483639 bytes that an array can hold",
                Py.tensor(storage, 0, Py.tuple(1L << 32, 1L << 32), Py.tuple(0, 0)),
            "a tensor of float32[1073741824] takes more than the",
                Py.tensor(storage, 0, Py.tuple(1 << 30), Py.tuple(0)),
            "a tensor has 1 dimensions, but 2 strides",
                Py.tensor(storage, 0, Py.tuple(4), Py.tuple(1, 1)),
            "dimensions where 64 are the most",
                Py.tensor(
                    storage,
                    0,
                    Py.tuple(Collections.nCopies(300, 1).toArray()),
                    Py.tuple(Collections.nCopies(300, 0).toArray())));
    wrong.forEach((message, tensor) -> refused(TorchLayouts.zip(tensor, bytes), message));
  }

  @Test
  void arraysOfNumPysThatLie() {
    Object array =
        Py.call(
            "numpy.core.multiarray._reconstruct",
            Py.global("numpy.ndarray"),
            Py.tuple(0),
            new byte[] {'b'});
    Object floats =
        Py.built(
            Py.call("numpy.dtype", "f4", false, true),
            Py.tuple(3, "<", null, null, null, -1, -1, 0));
    refusedArray(
        array,
        Py.tuple(1, Py.tuple(5), floats, false, new byte[16]),
        "goes beyond its storage of 4 elements");
    refusedArray(
        array,
        Py.tuple(1, Py.tuple(-4), floats, false, new byte[16]),
        "must not have negative numbers");
    refusedArray(
        array,
        Py.tuple(1, Py.tuple(1L << 62, 4), floats, false, new byte[16]),
        "takes more than the 2147483639 bytes");
    refusedArray(
        array,
        Py.tuple(1, Py.tuple(4), floats, false, List.of(1, 2)),
        "a list as value 5 where it takes bytes");
    for (String code : List.of("f3", "V16", "O", "O8", "S4", "U4", "M8", "i0", "f99999999", "")) {
      refused(
          TorchLayouts.zip(Py.call("numpy.dtype", code, false, true)),
          "numpy.dtype('" + code + "') is of ");
    }
    Object names =
        Py.built(
            Py.call("numpy.dtype", "f4", false, true),
            Py.tuple(3, "|", null, Py.tuple("x"), Map.of(), 1 << 30, 1, 0));
    refused(TorchLayouts.zip(names), "makes it a structure or subarray: not supported");
    refused(
        TorchLayouts.zip(Py.call("numpy.core.multiarray.scalar", floats, new byte[3])),
        "a number of numpy.dtype('<f4') has 3 bytes");
    refused(
        TorchLayouts.zip(
            Py.call(
                "numpy.core.multiarray._reconstruct",
                Py.global("os.system"),
                Py.tuple(0),
                new byte[1])),
        "it names os.system, which is not among");
  }

  private static void refusedArray(Object array, Object state, String message) {
    refused(TorchLayouts.zip(Py.built(array, state)), message);
  }

  @Test
  void legacyFilesWithCountsThatLie() {
    byte[] four = counted(4, new byte[16]);
    refused(
        legacy(List.of("0"), counted(Long.MAX_VALUE, new byte[16])),
        "storage 0 has 9223372036854775807 elements where the pickle says 4");
    refused(legacy(List.of("0"), counted(-4, new byte[16])), "storage 0 has -4 elements where");
    refused(legacy(List.of("0"), counted(4, new byte[15])), "storage 0 of 16 bytes has 15");
    refused(legacy(List.of("0", "0"), four, four), "storage 0 is listed, but the pickle does not");
    refused(
        legacy(Collections.nCopies(5_000, "1")),
        OF_VALUES,
        "storage 1 is listed, but the pickle does not");
    refused(legacy(List.of(), four), "only 0 of the storages that the pickle names follow it");
    for (long elements : new long[] {1L << 40, Long.MAX_VALUE, 1L << 61}) {
      Object storage = Py.legacyStorage("torch.DoubleStorage", "0", elements, null);
      refused(
          TorchLayouts.legacy(storage, Map.of("0", counted(elements, new byte[8]))),
          "storage 0 is said to be of "
              + elements
              + " elements of torch.float64, but the file has");
    }
  }

  @Test
  void archivesThatInflateToMoreThanTheySay() {
    byte[] zeros = new byte[1_000_000];
    ZipWriter more = new ZipWriter();
    more.add("a/data.pkl", zeros).deflated().set("directory", 24, 4, 100);
    MeasuredOpening opening = MeasuredOpening.of(more.bytes(), false);
    assertThat(opening.failure()).hasMessageContaining("inflates to more than its 100 bytes");
    assertThat(opening.given()).isEqualTo(100);
    ZipWriter large = new ZipWriter();
    large.add("a/data.pkl", Py.pickle(1));
    large.add("a/data/0", zeros).deflated().set("directory", 24, 4, 2_000_000_000);
    refused(large.bytes(), " bytes cannot hold 2000000000");
  }

  @Test
  void archivesThatInflateToMoreThanThereIsRoomFor() {
    ZipWriter zip = new ZipWriter();
    zip.add("a/data.pkl", Py.pickle(1));
    zip.add("a/data/0", new byte[(int) MeasuredOpening.MEMORY + 1]).deflated();
    byte[] bomb = zip.bytes();
    MeasuredOpening opening = MeasuredOpening.of(bomb, false);
    assertThat(bomb.length).isLessThan(40_000);
    // Not damage: a larger working memory could read it.
    assertThat(opening.failure()).hasMessage("Cannot hold 33554433 bytes more in 33554432");
    assertThat(opening.given()).isZero();
    assertThat(opening.heap()).isLessThan(2L * bomb.length + MeasuredOpening.ALWAYS);
  }

  @Test
  void recordsThatLieInEachOther() {
    // many directory entries for one run of bytes, as the zip bombs of David Fifield have them
    ZipWriter zip = new ZipWriter();
    zip.add("a/data.pkl", Py.pickle(1));
    byte[] kernel = new byte[1000];
    zip.add("a/data/0", kernel).deflated();
    for (int i = 1; i < 900; i++) {
      zip.add("a/data/" + i, new byte[0]).localName("").set("directory", 42, 4, 0);
    }
    refused(zip.bytes(), "the header of the record a/data/1 has another name, method or encrypt");
    List<byte[]> nested = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      nested.add(localHeader("a/data/" + (char) (0xa0 + i)));
    }
    ZipWriter inside = new ZipWriter();
    inside.add("a/data.pkl", Py.pickle(1));
    inside.add("a/o", concatenate(nested.toArray(new byte[0][])));
    int at = 30 + 10 + Py.pickle(1).length + 16 + 30 + 3;
    for (int i = 0; i < 90; i++) {
      inside.add("a/data/" + (char) (0xa0 + i), "").set("directory", 42, 4, at + 38L * i);
    }
    refused(inside.bytes(), " begins within the one before it");
  }

  @Test
  void archivesOfNothingButRecords() {
    ZipWriter zip = new ZipWriter();
    for (int i = 0; i < 20_000; i++) {
      zip.add("a/" + i, "");
    }
    // what the archive says of each record is kept, and takes more than it does there
    refused(zip.bytes(), 4, "it has no record a/data.pkl");
  }

  private static byte[] localHeader(String name) {
    return concatenate(
        new ZipWriter.Numbered().put(4, 0x04034b50).put(22, 0).put(2, 8).put(2, 0).bytes(),
        name.getBytes(ISO_8859_1));
  }
}
