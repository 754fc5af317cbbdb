// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.PermanentStorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that cannot be listed are not taken for missing ones. */
@Tag("unit")
final class DirectoryListingTest {

  @TempDir private Path directory;

  private final ListedFiles files = new ListedFiles();
  private final FlinkObjectStore store =
      new FlinkObjectStore(new StreamPool.Limits(1, 1, Duration.ofHours(1)), uri -> files);
  private ObjectLocation location;

  @BeforeEach
  void setUp() throws IOException {
    location = ObjectLocation.of("file:" + directory);
    Files.write(directory.resolve("a.pt"), new byte[] {1});
  }

  @AfterEach
  void tearDown() {
    store.close();
  }

  /** The local file system, whose listings a test makes fail. */
  private static final class ListedFiles extends LocalFileSystem {

    @FunctionalInterface
    interface Listing {
      FileStatus[] of(FileStatus[] found, int number) throws IOException;
    }

    private Listing listing = (found, number) -> found;
    private int listings;

    @Override
    public FileStatus[] listStatus(org.apache.flink.core.fs.Path path) throws IOException {
      return listing.of(super.listStatus(path), ++listings);
    }
  }

  private List<String> names() throws IOException {
    return store.list(location).stream()
        .map(ObjectStatus::location)
        .map(ObjectLocation::name)
        .toList();
  }

  /** Flink's local file system gives nothing for one that is not there and for one of mode 700. */
  @Test
  void aDirectoryThatMayNotBeReadIsRefused() {
    files.listing = (found, number) -> null;

    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(this::names)
        .withMessageContaining("Cannot list " + location + ": it is there, but may not be read");
  }

  @Test
  void aMissingDirectoryIsMissing() throws IOException {
    Files.delete(directory.resolve("a.pt"));
    Files.delete(directory);

    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(this::names)
        .withMessage("Cannot list " + location + ": no such directory");
    Files.createDirectory(directory);
  }

  @Test
  void aLinkToNothingIsNamed() throws IOException {
    Files.createSymbolicLink(directory.resolve("b.pt"), directory.resolve("gone/b.pt"));

    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(this::names)
        .withMessageStartingWith(
            "Cannot list "
                + location
                + ": something in it is missing, such as what a link points to: File "
                + location
                + "/b.pt does not exist");
  }

  @Test
  void whatIsRenamedDuringAListingIsListedAgain() throws IOException {
    files.listing =
        (found, number) -> {
          if (number < 3) {
            throw new FileNotFoundException("File b.pt.tmp" + number + " does not exist");
          }
          return found;
        };

    assertThat(names()).containsExactly("a.pt");
    assertThat(files.listings).isEqualTo(3);
  }

  @Test
  void aDirectoryThatChangesAllTheTimeMayBeListedLater() {
    files.listing =
        (found, number) -> {
          throw new FileNotFoundException("File b.pt.tmp" + number + " does not exist");
        };

    assertThatIOException()
        .isThrownBy(this::names)
        .withMessage(
            "Cannot list "
                + location
                + ": what is in it changes all the time: File b.pt.tmp4 does not exist")
        .satisfies(e -> assertThat(e).isExactlyInstanceOf(IOException.class));
    assertThat(files.listings).isEqualTo(4);
  }
}
