// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.mds.MdsFormat;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.RangeReader;
import io.millrace.storage.TestingObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class DatasetFormatsTest {

  @TempDir Path directory;

  /** Recognises directories that hold an object of one name. */
  private record Marked(String name, String marker) implements DatasetFormat {

    @Override
    public boolean recognises(List<ObjectStatus> children) {
      return children.stream().anyMatch(child -> child.location().name().equals(marker));
    }

    @Override
    public DatasetManifest discover(ObjectStore store, ObjectLocation root) {
      throw new AssertionError();
    }

    @Override
    public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection) {
      throw new AssertionError();
    }
  }

  private static final DatasetFormats FORMATS =
      new DatasetFormats(
          List.of(
              new Marked("tar", "a.tar"), new Marked("mds", "index.json"), new Marked("z", "z")));

  @Test
  void theServiceLoaderFindsMds() {
    DatasetFormats formats = DatasetFormats.load(getClass().getClassLoader());
    assertThat(formats.names()).contains("mds");
    assertThat(formats.named("mds")).isInstanceOf(MdsFormat.class);
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatExist() {
    assertThatThrownBy(() -> FORMATS.named("MDS"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use format \"MDS\": known formats are mds, tar, z");
  }

  @Test
  void twoFormatsOfOneNameAreRefused() {
    assertThatThrownBy(() -> new DatasetFormats(List.of(new Marked("mds", "x"), new MdsFormat())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("both are named \"mds\"");
  }

  @Test
  void theOneFormatThatRecognisesADirectoryIsDetected() throws IOException {
    Files.createFile(directory.resolve("a.tar"));
    TestingObjectStore store = new TestingObjectStore(directory);
    assertThat(FORMATS.detect(store, store.root())).isSameAs(FORMATS.named("tar"));
  }

  @Test
  void twoFormatsThatMatchAreNamed() throws IOException {
    Files.createFile(directory.resolve("a.tar"));
    Files.createFile(directory.resolve("index.json"));
    TestingObjectStore store = new TestingObjectStore(directory);
    assertThatThrownBy(() -> FORMATS.detect(store, store.root()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot tell the format of %s: it may be mds or tar; name one of them as the format"
                .formatted(store.root()));
  }

  @Test
  void whatLiesThereIsSaidWhenNothingMatches() throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.createFile(directory.resolve("file" + i));
    }
    TestingObjectStore store = new TestingObjectStore(directory);
    assertThatThrownBy(() -> FORMATS.detect(store, store.root()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot find a dataset in %s: it holds file0, file1, file2, file3, file4, file5, file6,"
                    .formatted(store.root())
                + " file7 and 2 more; known formats are mds, tar, z");
  }

  @Test
  void splitsBelowAreNamedWhenNothingMatches() throws IOException {
    for (String split : List.of("train", "val", "other")) {
      Files.createDirectory(directory.resolve(split));
    }
    Files.createFile(directory.resolve("train/index.json"));
    Files.createFile(directory.resolve("val/a.tar"));
    TestingObjectStore store = new TestingObjectStore(directory);
    assertThatThrownBy(() -> FORMATS.detect(store, store.root()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot find a dataset in %s: it holds other/, train/, val/; known formats are mds, tar,"
                    .formatted(store.root())
                + " z; there are datasets below it: %s/train (mds), %s/val (tar)"
                    .formatted(store.root(), store.root()));
  }

  @Test
  void anEmptyOrMissingDirectoryIsSaid() {
    TestingObjectStore store = new TestingObjectStore(directory);
    assertThatThrownBy(() -> FORMATS.detect(store, store.root()))
        .hasMessage(
            "Cannot find a dataset in %s: it holds nothing; known formats are mds, tar, z"
                .formatted(store.root()));
    assertThatThrownBy(() -> FORMATS.detect(store, store.location("none")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void whatCannotBeListedIsNoReasonToHideThatThereIsNoDataset() throws IOException {
    Files.createDirectory(directory.resolve("lost+found"));
    Files.createFile(Files.createDirectory(directory.resolve("train")).resolve("index.json"));
    TestingObjectStore store = new TestingObjectStore(directory);
    List<ObjectLocation> listed = new ArrayList<>();
    ObjectStore refusing =
        new ListingStore(
            location -> {
              listed.add(location);
              if (location.name().equals("lost+found")) {
                throw new AccessDeniedException(location.toString());
              }
              return store.list(location);
            });

    assertThatThrownBy(() -> FORMATS.detect(store, refusing, store.root()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("it holds lost+found/, train/")
        .hasMessageEndingWith("there are datasets below it: " + store.location("train") + " (mds)");
    assertThat(listed).containsExactly(store.location("lost+found"), store.location("train"));
  }

  /** What is asked of the store when the message is made. */
  private interface Listing {
    List<ObjectStatus> list(ObjectLocation directory) throws IOException;
  }

  private record ListingStore(Listing listing) implements ObjectStore {

    @Override
    public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
      return listing.list(directory);
    }

    @Override
    public ObjectStatus status(ObjectLocation object) {
      throw new AssertionError();
    }

    @Override
    public RangeReader open(ObjectLocation object) {
      throw new AssertionError();
    }
  }
}
