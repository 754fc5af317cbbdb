// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.SideBySide;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class SampleTreeTest {

  @TempDir Path root;

  private void create(String... paths) throws IOException {
    for (String path : paths) {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private List<String> walk() throws IOException {
    return walk(new TestingObjectStore(root));
  }

  private static List<String> walk(TestingObjectStore store) throws IOException {
    List<String> paths = new ArrayList<>();
    try (SideBySide requests = new SideBySide()) {
      new SampleTree(store, store.root(), requests)
          .walk(store.list(store.root()), (path, version) -> paths.add(path));
    }
    return paths;
  }

  @Test
  void whatADirectoryHoldsStandsWhereItsNameDoes() throws IOException {
    create(
        "b.pt",
        "a/z.pt",
        "a/b/c.pt",
        "a/b.pt",
        "a.pt",
        "c/x.pt",
        "B.pt",
        "a-b.pt",
        "10.pt",
        "9.pt");

    assertThat(walk())
        .containsExactly(
            "10.pt",
            "9.pt",
            "B.pt",
            "a/b/c.pt",
            "a/b.pt",
            "a/z.pt",
            "a-b.pt",
            "a.pt",
            "b.pt",
            "c/x.pt");
  }

  @Test
  void compressingASampleDoesNotMoveIt() throws IOException {
    // Of the stored names x.pt.zst comes after x.pt-2.pt, but the sample x.pt before it.
    create("x.pt.zst", "x.pt-2.pt", "x.pt/y.pt", "w.pt.zst");

    assertThat(walk()).containsExactly("w.pt.zst", "x.pt.zst", "x.pt/y.pt", "x.pt-2.pt");
  }

  @Test
  void ofBothFormsOfASampleTheUncompressedOneIsRead() throws IOException {
    create("a.pt", "a.pt.zst", "b.pt.zst", "c/a.pt.zst", "c/a.pt");

    assertThat(walk()).containsExactly("a.pt", "b.pt.zst", "c/a.pt");
  }

  @Test
  void otherFilesAndHiddenNamesAreLeftOut() throws IOException {
    create(
        "a.pt",
        ".b.pt",
        ".pt",
        ".pt.zst",
        ".git/c.pt",
        "d/.e/f.pt",
        "README.md",
        "g.pth",
        "h.PT",
        "i.pt.gz",
        "j.zst",
        "k.pt.zst.zst",
        "d/l.pt.tmp",
        "pt",
        "m.pt.");

    assertThat(walk()).containsExactly("a.pt");
  }

  @Test
  void eachDirectoryIsListedOnce() throws IOException {
    for (int i = 0; i < 40; i++) {
      create("d%02d/a.pt".formatted(i), "d%02d/e/b.pt".formatted(i));
    }
    TestingObjectStore store = new TestingObjectStore(root);
    store.setFault(
        request -> {
          try {
            Thread.sleep(2);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });

    assertThat(walk(store)).hasSize(80).isSorted();
    assertThat(store.count(Operation.LIST)).isEqualTo(81);
    assertThat(store.requests()).doesNotHaveDuplicates().hasSize(81);
    assertThat(store.maxInFlight()).isBetween(2, SideBySide.THREADS);
  }

  @Test
  void aCircleOfLinksIsAnError() throws IOException {
    create("a/b/c.pt");
    Files.createSymbolicLink(root.resolve("a/loop"), root.resolve("a"));
    Files.createSymbolicLink(root.resolve("a/again"), root);

    assertThatThrownBy(this::walk)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot find the samples below file:"
                + root
                + ": directories are nested more than 32 deep in a/again/a/again/")
        .hasMessageEndingWith("; perhaps a link leads back to a directory above it");
  }

  @Test
  void aTreeOfThirtyTwoLevelsIsRead() throws IOException {
    String deepest = "d/".repeat(SampleTree.MAX_DEPTH) + "a.pt";
    create(deepest);

    assertThat(walk()).containsExactly(deepest);
  }

  @Test
  void aNameThatNoPathMayHaveIsAnError() throws IOException {
    create("a\\b.pt");

    assertThatThrownBy(this::walk)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot use path \"a\\b.pt\" below file:")
        .hasMessageEndingWith("; rename it");
  }

  @Test
  void aDirectoryThatCannotBeListedEndsTheWalk() throws IOException {
    create("a/b.pt", "c/d.pt");
    TestingObjectStore store = new TestingObjectStore(root);
    store.setFault(
        request -> {
          if (request.location().name().equals("c")) {
            throw new IOException("injected");
          }
        });

    assertThatThrownBy(() -> walk(store)).isInstanceOf(IOException.class).hasMessage("injected");
  }

  @Test
  void anInterruptEndsTheWalk() throws IOException {
    create("a/b.pt");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(this::walk)
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("Cannot list file:%s/a: interrupted", root);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
