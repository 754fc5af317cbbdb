// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.torch.TorchLayouts.counted;
import static io.millrace.format.torch.TorchLayouts.legacy;
import static io.millrace.format.torch.TorchLayouts.legacyHead;
import static io.millrace.format.torch.TorchSets.refusal;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.pickle.PyList;
import io.millrace.sample.DType;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The legacy layout: what is read of it, and every check. */
@Tag("unit")
class LegacyLayoutTest {

  private static final String PREFIX = "Corrupt object file:/data/sample.pt at offset ";

  private static final byte[] THREE = counted(3, new byte[] {1, 0, 2, 0, 3, 0});

  private static Object three(String key) {
    return three(Py.legacyStorage("torch.ShortStorage", key, 3, null));
  }

  private static Object three(Object storage) {
    return Py.tensor(storage, 0, Py.tuple(3), Py.tuple(1));
  }

  private static Map<String, byte[]> storages(Object... keysAndBytes) {
    Map<String, byte[]> storages = new LinkedHashMap<>();
    for (int i = 0; i < keysAndBytes.length; i += 2) {
      storages.put((String) keysAndBytes[i], (byte[]) keysAndBytes[i + 1]);
    }
    return storages;
  }

  private static List<String> hex(byte[] file) throws IOException {
    return ((PyList) TorchSets.open(file))
        .items().stream()
            .map(tensor -> HexFormat.of().formatHex(((TensorValue) tensor).toBytes()))
            .toList();
  }

  @Test
  void findsStoragesInTheOrderOfTheirList() throws IOException {
    byte[] others = counted(3, new byte[] {9, 9, 8, 8, 7, 7});
    List<Object> tensors = List.of(three("70"), three("12"), three("70"));
    assertThat(hex(legacy(tensors, storages("12", THREE, "70", others))))
        .containsExactly("090908080707", "010002000300", "090908080707");
    assertThat(hex(legacy(tensors, storages("70", others, "12", THREE))))
        .containsExactly("090908080707", "010002000300", "090908080707");
  }

  @Test
  void takesPartsOfStorages() throws IOException {
    Object part = Py.legacyStorage("torch.ShortStorage", "1", 3, Py.tuple("2", 1, 2));
    Object whole = Py.legacyStorage("torch.ShortStorage", "1", 3, Py.tuple("3", 0, 3));
    Object tensor = Py.tensor(part, 1, Py.tuple(1), Py.tuple(1));
    assertThat(hex(legacy(List.of(tensor, three(whole)), storages("1", THREE))))
        .containsExactly("0300", "010002000300");
    Object beyond = Py.tensor(part, 1, Py.tuple(2), Py.tuple(1));
    assertThat(refusal(legacy(beyond, storages("1", THREE))))
        .hasMessageContaining("goes beyond its storage of 2 elements");
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "0, -1", "0, 4", "2, 2", "9223372036854775807, 2", "1, 9223372036854775807"})
  void refusesPartsThatGoBeyondTheStorage(long offset, long size) {
    Object part = Py.legacyStorage("torch.ShortStorage", "1", 3, Py.tuple("2", offset, size));
    assertThat(refusal(legacy(three(part), storages("1", THREE))))
        .hasMessageEndingWith(
            "a view of %s elements at %s goes beyond storage 1 of 3", size, offset);
  }

  @Test
  void readsNumbersOfBigEndianMachinesWhichTurnedThemAround() throws IOException {
    assertThat(hex(legacy(List.of(three("1")), List.of("1"), storages("1", THREE), false)))
        .containsExactly("010002000300");
    Object complex = Py.legacyStorage("torch.ComplexFloatStorage", "1", 3, null);
    byte[] file =
        legacy(three(complex), List.of("1"), storages("1", counted(3, new byte[24])), false);
    assertThat(refusal(file))
        .hasMessageContaining("a big-endian machine wrote complex numbers, which it does wrongly");
  }

  @Test
  void refusesHeadersThatAreNotTorchs() {
    byte[] magic = Py.pickle(new BigInteger("1950a86a20f9469cfc6c", 16));
    assertThat(refusal(concatenate(magic, Py.pickle(1002), Py.pickle(1))))
        .hasMessage(
            PREFIX
                + magic.length
                + ": the file's protocol version is not 1001, which alone is"
                + " known");
    byte[] other = magic.clone();
    other[other.length - 2]--;
    assertThat(refusal(other))
        .hasMessageContaining("but without the number that torch.save writes");
    byte[] longer = concatenate(Arrays.copyOf(magic, magic.length - 1), new byte[] {'K', 1, '.'});
    assertThat(refusal(longer)).hasMessageContaining("values or marks are left beside the result");
    byte[] replaced =
        concatenate(Arrays.copyOf(magic, magic.length - 1), new byte[] {'0', 'K', 1, '.'});
    assertThat(refusal(replaced))
        .hasMessage(PREFIX + "0: the file's magic number is not that of torch.save");
    for (Object facts : factsThatAreWrong()) {
      assertThat(refusal(concatenate(magic, Py.pickle(1001), Py.pickle(facts))))
          .hasMessageContaining("the facts about the machine that wrote the file are not torch's");
    }
    byte[] named = concatenate(magic, Py.pickle(Py.global("torch.Size")));
    assertThat(refusal(named))
        .hasMessageContaining("names torch.Size where there are only plain values");
  }

  private static List<Object> factsThatAreWrong() {
    Map<String, Object> sizes = TorchLayouts.facts(true);
    sizes.put("type_sizes", Map.of("short", 2, "int", 8, "long", 8));
    Map<String, Object> version = TorchLayouts.facts(true);
    version.put("protocol_version", 1000);
    Map<String, Object> order = TorchLayouts.facts(true);
    order.put("little_endian", 1);
    return List.of(sizes, version, order, List.of(), 7);
  }

  @Test
  void refusesAListOfStoragesThatIsNotThatOfThePickle() {
    byte[] none = legacy(three("1"), List.of(), storages(), true);
    assertThat(refusal(none))
        .hasMessageEndingWith("only 0 of the storages that the pickle names follow it");
    byte[] other = legacy(three("1"), List.of("1", "2"), storages("1", THREE, "2", THREE), true);
    assertThat(refusal(other))
        .hasMessageEndingWith("storage 2 is listed, but the pickle does not name it or only once");
    byte[] twice = legacy(three("1"), List.of("1", "1"), storages("1", THREE, "2", THREE), true);
    assertThat(refusal(twice))
        .hasMessageEndingWith("storage 1 is listed, but the pickle does not name it or only once");
    byte[] map = legacy(three("1"), Map.of("1", "1"), storages("1", THREE), true);
    assertThat(refusal(map)).hasMessageEndingWith("the keys of the storages are not a list");
    byte[] number = legacy(three("1"), List.of(1), storages("1", THREE), true);
    assertThat(refusal(number)).hasMessageContaining("storage 1 is listed, but");
  }

  @Test
  void refusesStoragesOfAnotherLength() {
    byte[] four = counted(4, new byte[8]);
    assertThat(refusal(legacy(three("1"), storages("1", four))))
        .hasMessageEndingWith("storage 1 has 4 elements where the pickle says 3");
    byte[] negative = counted(-3, new byte[8]);
    assertThat(refusal(legacy(three("1"), storages("1", negative))))
        .hasMessageEndingWith("storage 1 has -3 elements where the pickle says 3");
    Object large = three(Py.legacyStorage("torch.ShortStorage", "1", 1L << 62, null));
    assertThat(refusal(legacy(large, storages("1", counted(1L << 62, new byte[8])))))
        .hasMessageContaining(
            "storage 1 is said to be of 4611686018427387904 elements of torch.int16")
        .hasMessageContaining(", but the file has ");
    Object less = three(Py.legacyStorage("torch.ShortStorage", "1", -1, null));
    assertThat(refusal(legacy(less, storages("1", THREE))))
        .hasMessageEndingWith("storage 1 has -1 elements");
  }

  @Test
  void refusesAStorageThatIsNamedDifferently() {
    Object other = Py.legacyStorage("torch.HalfStorage", "1", 3, null);
    assertThat(refusal(legacy(List.of(three("1"), three(other)), storages("1", THREE))))
        .hasMessageEndingWith("storage 1 is of 3 elements of int16 and of 3 of float16");
    Object shorter = Py.legacyStorage("torch.ShortStorage", "1", 2, null);
    assertThat(refusal(legacy(List.of(three("1"), shorter), storages("1", THREE))))
        .hasMessageEndingWith("storage 1 is of 3 elements of int16 and of 2 of int16");
  }

  @Test
  void anEmptyStorageMayBeSeenAsAnyType() throws IOException {
    Object shorts = Py.legacyStorage("torch.ShortStorage", "1", 0, null);
    Object halves = Py.legacyStorage("torch.HalfStorage", "1", 0, null);
    PyList list =
        (PyList)
            TorchSets.open(legacy(List.of(shorts, halves), storages("1", counted(0, new byte[0]))));
    assertThat(list.items())
        .extracting(tensor -> ((TensorValue) tensor).dtype())
        .containsExactly(DType.INT16, DType.FLOAT16);
  }

  @Test
  void refusesAFileThatIsCutAnywhereOrGoesOn() throws IOException {
    byte[] file = legacy(List.of(three("1")), storages("1", THREE));
    assertThat(hex(file)).hasSize(1);
    for (int length = 0; length < file.length; length++) {
      assertThat(refusal(Arrays.copyOf(file, length))).isNotNull();
    }
    assertThat(refusal(Arrays.copyOf(file, file.length - 1)))
        .hasMessageEndingWith("the file is cut: storage 1 of 6 bytes has 5");
    assertThat(refusal(Arrays.copyOf(file, file.length - 7)))
        .hasMessageEndingWith("the file is cut before storage 1");
    assertThat(refusal(Arrays.copyOf(file, file.length + 9)))
        .hasMessage(PREFIX + file.length + ": 9 bytes follow the last storage");
  }

  @Test
  void refusesPersistentIdsThatAreNotOfAStorage() {
    assertThat(refusal(legacy(Py.persistent("module", 1, 2, 3, 4), Map.of())))
        .hasMessageEndingWith("a persistent id is of a module, not of a storage");
    assertThat(refusal(legacy(Py.persistent("storage", 1), Map.of())))
        .hasMessageEndingWith("a persistent id is passed 2 values where it takes 5 to 6");
    Object typeless = three(Py.legacyStorage("torch.storage.TypedStorage", "1", 3, null));
    assertThat(refusal(legacy(typeless, storages("1", THREE))))
        .hasMessageEndingWith(
            "a storage is of type torch.storage.TypedStorage, which does not say what its elements"
                + " are");
    Object packed = three(Py.legacyStorage("torch.QUInt4x2Storage", "1", 3, null));
    assertThat(refusal(legacy(packed, storages("1", THREE))))
        .hasMessageEndingWith(
            "a storage is of type torch.QUInt4x2Storage, whose elements share bytes: not"
                + " supported");
  }

  @Test
  void saysWhatAFileOfAnotherKindIs() {
    assertThat(refusal(new byte[0])).hasMessage(PREFIX + "0: the file is empty");
    assertThat(refusal(Py.pickle(List.of())))
        .hasMessage(
            PREFIX
                + "0: the file begins with a pickle, but without the number that torch.save"
                + " writes first: use torch.save, not pickle.dump");
    byte[] tar = new byte[600];
    System.arraycopy("ustar".getBytes(US_ASCII), 0, tar, 257, 5);
    assertThat(refusal(tar))
        .hasMessageContaining("but a tar archive, as torch wrote before version 0.1.10");
    assertThat(refusal("\u0093NUMPY".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
        .hasMessageContaining("but a file of NumPy's: use torch.save");
    assertThat(refusal(HexFormat.of().parseHex("28b52ffd00")))
        .hasMessageContaining("but compressed by zstd, which its name does not say");
    assertThat(refusal("hello".getBytes(US_ASCII)))
        .hasMessage(PREFIX + "0: not a file of torch.save: it begins with 0x68656c6c");
    assertThat(refusal("PK\5\6".getBytes(US_ASCII)))
        .hasMessageContaining("but a zip archive without any record");
    assertThat(refusal(legacyHead(true))).hasMessageContaining("the pickle ends without STOP");
  }
}
