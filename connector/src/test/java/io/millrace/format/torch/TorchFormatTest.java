// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.NONE;
import static io.millrace.format.torch.TorchValues.dict;
import static io.millrace.format.torch.TorchValues.list;
import static io.millrace.format.torch.TorchValues.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetFormats;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.Shard;
import io.millrace.format.SideBySide;
import io.millrace.sample.DType;
import io.millrace.sample.Sample;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class TorchFormatTest {

  @TempDir Path root;
  private TestingFiles files;

  @BeforeEach
  void makeFiles() {
    files = new TestingFiles(root);
  }

  @Test
  void isFoundByItsName() {
    DatasetFormats formats = DatasetFormats.load(getClass().getClassLoader());
    assertThat(formats.named("torch")).isInstanceOf(TorchFormat.class);
    assertThat(formats.names()).contains("mds", "torch");
  }

  @Test
  void isRecognisedByASampleInTheDirectory() throws IOException {
    DatasetFormats formats = DatasetFormats.load(getClass().getClassLoader());
    TestingObjectStore store = files.store();
    files.write("a/x.pt", dict()).write("b/x.pt.zst", dict()).write("c/.x.pt", dict());
    files.write("d/x.pt/y.txt", dict());

    assertThat(formats.detect(store, store.location("a")).name()).isEqualTo("torch");
    assertThat(formats.detect(store, store.location("b")).name()).isEqualTo("torch");
    for (String other : List.of("c", "d")) {
      assertThatThrownBy(() -> formats.detect(store, store.location(other)))
          .isInstanceOf(FileNotFoundException.class);
    }
    assertThatThrownBy(() -> formats.detect(store, store.root()))
        .hasMessageContaining("there are datasets below it: file:" + root + "/a (torch), ");
  }

  @Test
  void samplesAreReadInTheOrderOfTheirPaths() throws IOException {
    files.write("b.pt", dict("n", 2)).write("a/2.pt.zst", dict("n", 1)).write("c.pt", dict("n", 3));
    files.write("a/1.pt", dict("n", 0)).write("c.pt.zst", dict("n", -1));

    List<Sample> samples = files.readAll();

    assertThat(samples).extracting(sample -> sample.getLong("n")).containsExactly(0L, 1L, 2L, 3L);
    assertThat(samples).extracting(sample -> sample.metadata().shard()).containsOnly("a/1.pt");
    assertThat(files.read()).containsSubsequence("a/1.pt", "a/2.pt.zst (zstd)", "b.pt", "c.pt");
  }

  @Test
  void aDatasetWithoutSamplesSaysWhatThereIs() throws IOException {
    assertThatThrownBy(files::discover)
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot read file:%s as torch: there is no .pt or .pt.zst file in it or below it; it holds nothing",
            root);
    Files.createDirectories(root.resolve("sub"));
    for (int i = 0; i < 9; i++) {
      Files.createFile(root.resolve("f" + i + ".npy"));
    }
    assertThatThrownBy(files::discover)
        .hasMessageEndingWith(
            "it holds f0.npy, f1.npy, f2.npy, f3.npy, f4.npy, f5.npy, f6.npy, f7.npy and 2 more");
  }

  @Test
  void fieldsAreFoundInSamplesThatAreSpreadEvenly() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      files.write("%04d.pt".formatted(i), dict("n", i));
    }

    files.discover();

    assertThat(files.read()).hasSize(64).isSorted().startsWith("0000.pt").endsWith("0999.pt");
    assertThat(files.read().get(32)).isEqualTo("0507.pt");
    List<String> first = List.copyOf(files.read());
    files.read().clear();
    files.discover();
    assertThat(files.read()).as("the same each time").isEqualTo(first);
  }

  @Test
  void fewLargeSamplesAreLookedAt() throws IOException {
    for (int i = 0; i < 12; i++) {
      files.write("%02d.pt".formatted(i), dict("n", i), 10 << 20);
    }

    files.discover();

    assertThat(files.read()).containsExactly("00.pt", "02.pt", "04.pt", "06.pt", "08.pt", "10.pt");
    assertThat(files.store().bytesRequested()).isEqualTo(60L << 20);
  }

  @Test
  void oneSampleIsAlwaysLookedAt() throws IOException {
    files.write("a.pt", dict("n", 0), 65 << 20).write("b.pt", dict("n", 1), 65 << 20);

    assertThat(files.discover().schema()).hasToString("(n int64?)");
    assertThat(files.read()).containsExactly("a.pt");
  }

  @Test
  void compressedSamplesThatAreLookedAtTellHowLargeTheyBecome() throws IOException {
    files.write("a.pt.zst", dict("n", 0), 100).write("b.pt", dict("n", 1), 1000);

    assertThat(files.discover().shards().get(0).unitBytes()).isEqualTo(1100 + 200);
  }

  @Test
  void whatIsLookedAtIsFetchedSideBySide() throws IOException {
    for (int i = 0; i < 20; i++) {
      files.write("%02d.pt".formatted(i), dict("n", i));
    }
    files
        .store()
        .setFault(
            request -> {
              try {
                Thread.sleep(2);
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            });

    files.discover();

    assertThat(files.store().maxInFlight()).isBetween(2, SideBySide.THREADS);
    assertThat(files.store().count(Operation.LIST)).isEqualTo(1);
    assertThat(files.store().count(Operation.OPEN)).isEqualTo(20);
    assertThat(files.store().openReaders()).isZero();
  }

  @Test
  void aConflictNamesBothFiles() throws IOException {
    files.write("a.pt", dict("x", tensor(DType.FLOAT32, 2))).write("b/c.pt", dict("x", 1));

    assertThatThrownBy(files::discover)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot find the fields of file:%s: field \"x\" is tensor<float32> in a.pt but int64 in b/c.pt; a field has one type",
            root);
  }

  @Test
  void aSampleWithoutUsableFieldsIsNamed() throws IOException {
    files.write("a.pt", dict("a", 1)).write("b.pt", dict("a", dict("b", 1), "a.b", 2));

    assertThatThrownBy(files::discover)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot read sample file:" + root + "/b.pt: it has two values for the field \"a.b\": ");
  }

  @Test
  void anEmptyFileIsRefusedWhenItIsOpened() throws IOException {
    for (int i = 0; i < 200; i++) {
      files.write("%03d.pt".formatted(i), dict("n", i));
    }
    Files.write(root.resolve("001.pt"), new byte[0]);

    DatasetManifest manifest = files.discover();

    assertThat(manifest.samples()).isEqualTo(200);
    assertThatThrownBy(() -> files.readAll(manifest, manifest.schema()))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage("Corrupt object file:%s/001.pt at offset 0: the file is empty", root);
    Files.write(root.resolve("000.pt"), new byte[0]);
    assertThatThrownBy(files::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage("Corrupt object file:%s/000.pt at offset 0: the file is empty", root);
  }

  /** Samples of which only those with an even number are looked at. */
  private DatasetManifest discoverWithUnseen(Object seen, Object unseen) throws IOException {
    for (int i = 0; i < 127; i++) {
      files.write("%03d.pt".formatted(i), i == 5 ? unseen : seen);
    }
    DatasetManifest manifest = files.discover();
    assertThat(files.read()).contains("004.pt").doesNotContain("005.pt");
    return manifest;
  }

  @Test
  void aFieldThatTheDatasetHasNotIsAnError() throws IOException {
    DatasetManifest manifest =
        discoverWithUnseen(dict("a", 1, "b", 2), dict("a", 1, "b", 2, "c", "lost"));

    assertThatThrownBy(() -> files.readAll(manifest, manifest.schema()))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Cannot read sample file:%s/005.pt: it has a field \"c\" (string), which the dataset has not: fields are those of up to 64 samples that are spread over the dataset, the first one among them. Name the fields to read if it is none of them, or put a sample that has it first",
            root);
    assertThat(files.readAll(manifest, manifest.schema().project(List.of("b"))))
        .hasSize(127)
        .allMatch(sample -> sample.getLong(0) == 2);
  }

  @Test
  void nothingIsLostWithAnUnknownFieldThatIsNone() throws IOException {
    DatasetManifest manifest =
        discoverWithUnseen(dict("m", dict("a", 1)), dict("m", list(), "c", NONE));

    List<Sample> samples = files.readAll(manifest, manifest.schema());

    assertThat(samples.get(5).isNull("m.a")).isTrue();
    assertThat(samples.get(6).getLong("m.a")).isEqualTo(1);
  }

  @Test
  void anUnknownFieldThatIsEmptyIsAnErrorWhereNothingTellsWhatItIs() throws IOException {
    DatasetManifest manifest = discoverWithUnseen(dict("a", 1), dict("a", 1, "c", list()));

    assertThatThrownBy(() -> files.readAll(manifest, manifest.schema()))
        .hasMessageContaining("it has a field \"c\" (an empty list), which the dataset has not");
  }

  @Test
  void aValueThatIsNotOfTheFieldsTypeIsAnError() throws IOException {
    DatasetManifest manifest = discoverWithUnseen(dict("a", 1), dict("a", "text"));

    assertThatThrownBy(() -> files.readAll(manifest, manifest.schema()))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Cannot read sample file:%s/005.pt: its field \"a\" is string, but in the dataset it is int64; fields are those of up to 64 samples that are spread over the dataset, the first one among them",
            root);
  }

  @Test
  void onlyProjectedFieldsAreLookedAt() throws IOException {
    DatasetManifest manifest = discoverWithUnseen(dict("a", 1, "b", 2), dict("a", "x", "b", 2));

    List<Sample> samples = files.readAll(manifest, manifest.schema().project(List.of("b")));

    assertThat(samples).hasSize(127);
    assertThat(samples.get(5).schema()).hasToString("(b int64?)");
    assertThat(files.readAll(manifest, manifest.schema().project(List.of()))).hasSize(127);
  }

  @Test
  void fieldsThatTheDatasetHasNotCannotBeProjected() throws IOException {
    files.write("a.pt", dict("a", 1));
    DatasetManifest manifest = files.discover();
    files.write("a.pt", dict("b", 1));
    DatasetManifest other = files.discover();

    assertThatThrownBy(() -> files.readAll(manifest, other.schema()))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot open shard a.pt: no field \"b\"");
  }

  @Test
  void eachObjectIsReadWholeAndOnce() throws IOException {
    files.write("a.pt", dict("a", 1), 100).write("b.pt.zst", dict("a", 2), 50);
    DatasetManifest manifest = files.discover();
    DirectShardInput input = new DirectShardInput(files.store(), manifest.root());

    files.readAll(manifest.shards().get(0), manifest.schema(), input);

    assertThat(input.reads())
        .extracting(read -> read.path() + " " + read.range().offset() + " " + read.range().length())
        .containsExactly("a.pt 0 100", "b.pt.zst 0 50");
  }

  @Test
  void aSliceIsReadAsItsSamplesOfTheWholeAre() throws IOException {
    for (int i = 0; i < 10; i++) {
      files.write(i + ".pt", dict("n", i));
    }
    DatasetManifest manifest = files.discover();
    Shard part = files.format().slice(manifest.shards().get(0), 4, 3).orElseThrow();

    List<Sample> samples =
        files.readAll(
            part, manifest.schema(), new DirectShardInput(files.store(), manifest.root()));

    assertThat(samples).extracting(sample -> sample.getLong(0)).containsExactly(4L, 5L, 6L);
  }

  @Test
  void aDamagedDescriptorIsRefused() throws IOException {
    files.write("a.pt", dict("a", 1));
    DatasetManifest manifest = files.discover();
    Shard whole = manifest.shards().get(0);
    Shard broken =
        new Shard(0, whole.name(), whole.cut(), whole.objects(), whole.descriptor().slice(0, 6));

    assertThatThrownBy(
            () ->
                files.readAll(
                    broken,
                    manifest.schema(),
                    new DirectShardInput(files.store(), manifest.root())))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot open shard a.pt: its descriptor is damaged: ");
  }
}
