// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchLayouts.archive;
import static io.millrace.format.torch.TorchSets.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.codec.TestingStreams;
import io.millrace.sample.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader of zip archives takes, and every check that it makes. */
@Tag("unit")
class ZipFaultsTest {

  private static final String PREFIX = "Corrupt object file:/data/sample.pt at offset ";

  @Test
  void takesWhatWritersMayDo() throws IOException {
    ZipWriter zip = archive("yes").comment("a comment").large().gapBeforeDirectory(100);
    zip.add("archive/", "");
    zip.add("archive/.data/serialization_id", "12345").comment("on a record");
    zip.add("archive/other/é", "?").localExtra(new byte[7]).directoryExtra(new byte[9]);
    assertThat(TorchSets.open(zip.bytes())).isEqualTo("yes");
  }

  @Test
  void takesDeflatedRecordsOfAnySize() throws IOException {
    byte[] content = TestingStreams.concatenate(TestingStreams.text(600_000), new byte[300_000]);
    ZipWriter zip = new ZipWriter();
    Object storage = Py.storage("torch.ByteStorage", "k", content.length);
    Object tensor = Py.tensor(storage, 0, Py.tuple((long) content.length), Py.tuple(1L));
    zip.add("a/data.pkl", Py.pickle(tensor)).deflated();
    zip.add("a/data/k", content).deflated();
    zip.add("a/data/none", new byte[0]).deflated();
    zip.add("a/byteorder", "little").deflated();
    assertThat(((TensorValue) TorchSets.open(zip.bytes())).toBytes()).isEqualTo(content);
  }

  @Test
  void takesSizesAndPlacesOutOfZip64Fields() throws IOException {
    ZipWriter zip = new ZipWriter().large().end(10, 2, 0xffff).end(8, 2, 0xffff);
    zip.end(12, 4, -1).end(16, 4, -1).end(4, 4, -1);
    byte[] pickle = Py.pickle(List.of());
    byte[] sizes =
        new ZipWriter.Numbered()
            .put(2, 7)
            .put(2, 3)
            .put(3, 0)
            .put(2, 1)
            .put(2, 24)
            .put(8, pickle.length)
            .put(8, pickle.length)
            .put(8, 0)
            .bytes();
    zip.add("a/data.pkl", pickle)
        .directoryExtra(sizes)
        .set("directory", 20, 4, -1)
        .set("directory", 24, 4, -1)
        .set("directory", 42, 4, -1);
    zip.add("a/version", "3")
        .directoryExtra(new ZipWriter.Numbered().put(2, 1).put(2, 8).put(8, 1).bytes())
        .set("directory", 24, 4, -1);
    assertThat(TorchSets.open(zip.bytes())).isNotNull();
  }

  @Test
  void refusesAFileThatIsCutAnywhereOrGoesOn() {
    byte[] file = archive(List.of(), new byte[40]).bytes();
    for (int length = 4; length < file.length; length++) {
      assertThat(refusal(Arrays.copyOf(file, length)))
          .hasMessage(
              PREFIX
                  + length
                  + ": the zip archive is cut or something follows it: the record that"
                  + " ends it is missing");
    }
    assertThat(refusal(Arrays.copyOf(file, file.length + 1)))
        .hasMessageContaining("the zip archive is cut or something follows it");
  }

  @Test
  void refusesAnArchiveOnSeveralDisks() {
    String message = "the zip archive is a part of one on several disks";
    assertThat(refusal(archive(1).end(4, 2, 1).bytes())).hasMessageContaining(message);
    assertThat(refusal(archive(1).end(6, 2, 1).bytes())).hasMessageContaining(message);
    assertThat(refusal(archive(1).end(8, 2, 1).bytes())).hasMessageContaining(message);
    assertThat(refusal(archive(1).large().largeEnd(16, 4, 1).bytes()))
        .hasMessageContaining(message);
    assertThat(refusal(archive(1).large().largeEnd(72, 4, 2).bytes()))
        .hasMessageContaining(message);
  }

  @Test
  void refusesADirectoryThatDoesNotLieInTheFile() {
    assertThat(refusal(archive(1).end(12, 4, 0xfffffffeL).bytes()))
        .hasMessageContaining("the zip directory of 4294967294 bytes at ")
        .hasMessageContaining(" does not lie before its end record at ");
    assertThat(refusal(archive(1).end(16, 4, 0x7fffffffL).bytes()))
        .hasMessageContaining("bytes at 2147483647 does not lie before its end record");
    for (int at : new int[] {40, 48}) {
      ZipWriter zip = archive(1).large().end(12, 4, -1).end(16, 4, -1);
      assertThat(refusal(zip.largeEnd(at, 8, -1).bytes()))
          .hasMessageContaining("18446744073709551615")
          .hasMessageContaining("does not lie before its end record");
      assertThat(refusal(zip.largeEnd(at, 8, Long.MAX_VALUE).bytes()))
          .hasMessageContaining("does not lie before its end record");
    }
  }

  @Test
  void refusesNumbersOfEntriesThatADirectoryCannotHave() {
    ZipWriter more = archive(1).end(8, 2, 900).end(10, 2, 900);
    assertThat(refusal(more.bytes())).hasMessageContaining("bytes cannot have 900 entries");
    ZipWriter fewer = archive(1).end(8, 2, 1).end(10, 2, 1);
    assertThat(refusal(fewer.bytes()))
        .hasMessageContaining("the zip directory goes on for 61 bytes after its end");
    ZipWriter large = archive(1).large().end(8, 4, -1).largeEnd(24, 8, -1).largeEnd(32, 8, -1);
    assertThat(refusal(large.bytes()))
        .hasMessageContaining("bytes cannot have 18446744073709551615 entries");
  }

  @Test
  void refusesZip64EndRecordsThatDisagree() {
    assertThat(refusal(archive(1).large().largeEnd(32, 8, 3).bytes()))
        .hasMessageContaining("the zip archive's two end records disagree: 3 and 2");
    assertThat(refusal(archive(1).large().largeEnd(4, 8, 45).bytes()))
        .hasMessageContaining("the zip64 end record says that it has 45 bytes where there are 44");
    for (long at : new long[] {0, 7, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(refusal(archive(1).large().largeEnd(64, 8, at).bytes()))
          .hasMessageContaining("there is no zip64 end record at " + Long.toUnsignedString(at));
    }
  }

  @Test
  void refusesRecordsThatItDoesNotRead() {
    assertThat(changed(r -> r.set("directory", 10, 2, 93)))
        .contains(
            "the record archive/x is compressed by zip's method 93: only stored and deflated");
    for (int flag : new int[] {1, 1 << 6, 1 << 13}) {
      assertThat(changed(r -> r.set("directory", 8, 2, flag)))
          .contains("the record archive/x is encrypted");
      assertThat(changed(r -> r.set("local", 6, 2, flag)))
          .contains("the header of the record archive/x has another name, method or encryption");
    }
    assertThat(changed(r -> r.set("directory", 34, 2, 1)))
        .contains("the record archive/x begins on another disk");
  }

  @Test
  void refusesHeadersThatAreNotOfTheSameRecord() {
    String other = "the header of the record archive/x has another name, method or encryption";
    assertThat(changed(r -> r.localName("archive/y"))).contains(other);
    assertThat(changed(r -> r.localName("archive/x2"))).contains(other);
    assertThat(changed(r -> r.set("local", 8, 2, 8))).contains(other);
    assertThat(changed(r -> r.set("local", 0, 1, 0)))
        .contains("there is no header of the record archive/x");
    assertThat(changed(r -> r.set("directory", 42, 4, 0xfffffffeL)))
        .contains("at offset 4294967294: there is no header of the record archive/x");
    assertThat(changed(r -> r.set("local", 28, 2, 0xffff)))
        .contains("the record archive/x of 10 bytes goes beyond the zip directory at ");
    assertThat(changed(r -> r.set("directory", 0, 1, 0)))
        .contains("the zip directory has no whole entry here");
    assertThat(changed(r -> r.set("directory", 32, 2, 1)))
        .contains("the zip directory has no whole entry here");
  }

  @Test
  void refusesSizesThatCannotBe() {
    assertThat(changed(r -> r.set("directory", 24, 4, 11)))
        .contains("the record archive/x of 10 bytes cannot hold 11");
    assertThat(changed(r -> r.set("directory", 20, 4, 900).set("directory", 24, 4, 900)))
        .contains("the record archive/x of 900 bytes goes beyond the zip directory at ");
    assertThat(changed(r -> r.deflated().set("directory", 24, 4, 50_000)))
        .contains("cannot hold 50000");
    assertThat(changed(r -> r.set("directory", 24, 4, -1)))
        .contains("the zip64 sizes of the record archive/x are missing or cut");
    byte[] negative = new ZipWriter.Numbered().put(2, 1).put(2, 16).put(8, -5).put(8, -5).bytes();
    assertThat(
            changed(
                r ->
                    r.directoryExtra(negative)
                        .set("directory", 20, 4, -1)
                        .set("directory", 24, 4, -1)))
        .contains("the record archive/x has sizes beyond all bounds");
    byte[] cut = new ZipWriter.Numbered().put(2, 1).put(2, 16).put(8, 10).bytes();
    assertThat(changed(r -> r.directoryExtra(cut).set("directory", 24, 4, -1)))
        .contains("the zip64 sizes of the record archive/x are missing or cut");
  }

  private static String changed(Consumer<ZipWriter.Entry> change) {
    ZipWriter zip = archive(1);
    change.accept(zip.add("archive/x", "ten bytes."));
    return refusal(zip.bytes()).getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "a/../b", "..", "../a", "a/..", "a\\b", "a\0b", ""})
  void refusesNamesThatAreNone(String name) {
    ZipWriter zip = new ZipWriter();
    zip.add(name, "");
    zip.add("archive/data.pkl", "");
    String shown = name.replace('\0', '?');
    assertThat(refusal(zip.bytes()))
        .hasMessageContaining("\"" + shown + "\" is no name that a record of an archive may have");
  }

  @Test
  void refusesTwoRecordsOfAName() {
    ZipWriter zip = archive(1);
    zip.add("archive/version", "4");
    assertThat(refusal(zip.bytes()))
        .hasMessageContaining("the archive has two records archive/version");
  }

  @Test
  void refusesRecordsThatShareBytes() {
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", Py.pickle(1));
    byte[] inner =
        new ZipWriter.Numbered().put(4, 0x04034b50).put(22, 0).put(2, 3).put(2, 0).bytes();
    zip.add("a/o", TestingStreams.concatenate(inner, "a/i".getBytes(StandardCharsets.UTF_8)));
    long outer = 30L + "archive/data.pkl".length() + Py.pickle(1).length + 16;
    zip.add("a/i", "").set("directory", 42, 4, outer + 33);
    assertThat(refusal(zip.bytes()))
        .hasMessage(PREFIX + (outer + 33) + ": the record a/i begins within the one before it");
  }

  @Test
  void takesADirectoryInAnyOrder() throws IOException {
    ZipWriter zip = new ZipWriter();
    byte[] pickle = Py.pickle("in order");
    int second = 30 + 9 + 1 + 16;
    zip.add("a/version", "3").set("directory", 42, 4, 0);
    zip.add("a/data.pkl", pickle).set("directory", 42, 4, second);
    byte[] file = zip.bytes();
    int directory = second + 30 + 10 + pickle.length + 16;
    byte[] first = Arrays.copyOfRange(file, directory, directory + 46 + 9);
    byte[] next = Arrays.copyOfRange(file, directory + 55, directory + 55 + 56);
    System.arraycopy(next, 0, file, directory, 56);
    System.arraycopy(first, 0, file, directory + 56, 55);
    assertThat(TorchSets.open(file)).isEqualTo("in order");
  }

  @Test
  void refusesAWrongChecksumOfEveryRecordThatIsUsed() {
    for (String name : List.of("data.pkl", "data/0", "version", "byteorder")) {
      ZipWriter zip = new ZipWriter();
      for (String each : List.of("data.pkl", "data/0", "version", "byteorder")) {
        byte[] content =
            each.equals("data.pkl") ? Py.pickle(1) : "little".getBytes(StandardCharsets.UTF_8);
        ZipWriter.Entry record =
            each.equals("version") ? zip.add("a/version", "3") : zip.add("a/" + each, content);
        if (each.equals(name)) {
          record.set("directory", 16, 4, 0x12345678);
        }
      }
      assertThat(refusal(zip.bytes()))
          .hasMessageContaining("the record a/" + name + " has the CRC-32 0x")
          .hasMessageEndingWith(" where the archive says 0x12345678");
    }
  }

  @Test
  void refusesDamageInDeflatedRecords() {
    byte[] content = TestingStreams.text(5000);
    int stored = ZipWriter.deflate(content).length;
    assertThat(deflated(content, r -> r.set("directory", 24, 4, 4999)))
        .contains("the record archive/data/0 inflates to more than its 4999 bytes");
    assertThat(deflated(content, r -> r.set("directory", 24, 4, 5001)))
        .contains(
            "inflates to 5000 bytes out of " + stored + " where the archive says 5001 out of");
    assertThat(deflated(content, r -> r.set("directory", 20, 4, stored - 1)))
        .contains("the record archive/data/0 is cut: it inflates to less than its 5000 bytes");
    assertThat(deflated(content, r -> r.set("directory", 20, 4, stored + 3)))
        .contains("inflates to 5000 bytes out of " + stored)
        .contains("5000 out of " + (stored + 3));
    assertThat(deflated(content, r -> r.set("directory", 16, 4, 1))).contains("has the CRC-32");
    ZipWriter zip = archive(1);
    zip.add("archive/data/0", new byte[] {7, 7, 7, 7})
        .set("local", 8, 2, 8)
        .set("directory", 10, 2, 8);
    assertThat(refusal(zip.bytes()))
        .hasMessageContaining("the record archive/data/0 cannot be inflated: ");
  }

  private static String deflated(byte[] content, Consumer<ZipWriter.Entry> change) {
    ZipWriter zip = archive(1);
    change.accept(zip.add("archive/data/0", content).deflated());
    return refusal(zip.bytes()).getMessage();
  }

  @Test
  void takesNoMoreMemoryThanItIsGiven() {
    ZipWriter zip = archive(1);
    zip.add("archive/data/0", new byte[5000]).deflated();
    assertThatThrownBy(
            () ->
                TorchFile.open(
                    StoredFile.unchecked(
                        TorchSets.OBJECT, TestingStreams.chunks(zip.bytes()), false),
                    new CountingInput(4999)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Cannot hold 5000 bytes more in 4999");
  }

  @Test
  void refusesArchivesThatAreNotTorchs() {
    ZipWriter apart = archive(1);
    apart.add("other/version", "3");
    assertThat(refusal(apart.bytes()))
        .hasMessage(
            PREFIX
                + "0: a zip archive that torch.save did not write: its record other/version is"
                + " not in one directory with the others");
    ZipWriter flat = new ZipWriter();
    flat.add("data.pkl", Py.pickle(1));
    assertThat(refusal(flat.bytes())).hasMessageContaining("its record data.pkl is not in one");
    ZipWriter none = new ZipWriter();
    none.add("a/version", "3");
    assertThat(refusal(none.bytes()))
        .hasMessageContaining("torch.save did not write: it has no record a/data.pkl");
    for (String name : List.of("archive/constants.pkl", "archive/code/__torch__.py")) {
      ZipWriter script = archive(1);
      script.add(name, "");
      assertThat(refusal(script.bytes()))
          .hasMessage(
              PREFIX + "0: the file is a TorchScript archive: save the tensors with torch.save");
    }
  }

  @Test
  void refusesVersionsAndByteOrdersThatItDoesNotKnow() {
    for (String version : List.of("11", "0", "", "x", "3\n3", "1".repeat(50))) {
      ZipWriter zip = new ZipWriter();
      zip.add("a/data.pkl", Py.pickle(1));
      zip.add("a/version", version);
      assertThat(refusal(zip.bytes())).hasMessageContaining("not one of 1 to 10");
    }
    ZipWriter order = archive(1);
    order.add("archive/byteorder", "middle");
    assertThat(refusal(order.bytes()))
        .hasMessageContaining("its byte order is middle, neither little nor big");
    ZipWriter wide = archive(1);
    wide.add("archive/byteorder", "l".repeat(1000));
    assertThat(refusal(wide.bytes()))
        .hasMessageContaining("the record archive/byteorder has 1000 bytes where few are expected");
  }

  @Test
  void saysWhereInTheFileAPickleIsWrong() {
    ZipWriter zip = new ZipWriter();
    zip.add("a/data.pkl", Py.pickle(Py.global("posix.system")));
    assertThat(refusal(zip.bytes()))
        .hasMessageStartingWith(PREFIX + "42: in the pickle: ")
        .hasMessageEndingWith(
            "names posix.system, which is not among the constructors that a torch file may name");
    ZipWriter deflated = new ZipWriter();
    deflated.add("a/data.pkl", Py.pickle(Py.global("posix.system"))).deflated();
    assertThat(refusal(deflated.bytes()))
        .hasMessageStartingWith(
            PREFIX + "40: the record a/data.pkl inflates to a pickle with a fault at 2: ");
    ZipWriter longer = new ZipWriter();
    longer.add("a/data.pkl", TestingStreams.concatenate(Py.pickle(1), new byte[5]));
    assertThat(refusal(longer.bytes())).hasMessageEndingWith("5 bytes follow the pickle");
  }

  @Test
  void saysThatOffsetsCountInWhatIsInflated() {
    byte[] file = archive(Py.global("a.b")).bytes();
    byte[] compressed = com.github.luben.zstd.Zstd.compress(file);
    assertThat(refusal(compressed, true))
        .hasMessageStartingWith(PREFIX + "48: in the inflated bytes: in the pickle: ");
    assertThat(refusal(new byte[0], true)).hasMessage(PREFIX + "0: the file is empty");
  }

  @Test
  void readsBytesOfAnyKind() throws IOException {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    assertThat(TorchSets.open(TorchLayouts.zip(all))).isEqualTo(Bytes.wrap(all));
  }
}
