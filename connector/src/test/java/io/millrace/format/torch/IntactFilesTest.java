// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.ByteRange;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checksums of a file are computed once, and again when its bytes are others. */
@Tag("unit")
final class IntactFilesTest {

  @TempDir Path root;

  private final Set<String> intact = new HashSet<>();

  /** Remembers by path, as a cache does by what it holds. */
  private record Remembering(ShardInput direct, Set<String> intact) implements ShardInput {
    @Override
    public ObjectLocation location(ShardObject object) {
      return direct.location(object);
    }

    @Override
    public ByteChunks read(ShardObject object, ByteRange range) throws IOException {
      return direct.read(object, range);
    }

    @Override
    public boolean isIntact(ShardObject object) {
      return intact.contains(object.path());
    }

    @Override
    public void markIntact(ShardObject object) {
      assertThat(intact.add(object.path())).as("not marked before").isTrue();
    }

    @Override
    public boolean verify(ShardObject object, List<ByteRange> ranges) throws IOException {
      return direct.verify(object, ranges);
    }

    @Override
    public boolean verifiesHashes() {
      return direct.verifiesHashes();
    }

    @Override
    public ByteChunks allocate(long length) throws IOException {
      return direct.allocate(length);
    }

    @Override
    public void reserve(long bytes) throws IOException {
      direct.reserve(bytes);
    }
  }

  private void openAll() throws IOException {
    TestingObjectStore store = new TestingObjectStore(root);
    DatasetManifest manifest = manifest(store);
    ShardInput input = new Remembering(new DirectShardInput(store, manifest.root()), intact);
    try (ShardReader reader =
        new TorchFormat().open(manifest.shards().get(0), 0, input, manifest.schema())) {
      assertThat(reader.samples()).isEqualTo(2);
    }
  }

  /** Discovery looks at the first file only when it is whole. */
  private DatasetManifest manifest(TestingObjectStore store) throws IOException {
    byte[] first = Files.readAllBytes(root.resolve("a.pt"));
    byte[] second = Files.readAllBytes(root.resolve("b.pt"));
    Files.write(root.resolve("a.pt"), TorchSets.bytes("malicious/_ok.pt"));
    Files.write(root.resolve("b.pt"), TorchSets.bytes("malicious/_ok.pt"));
    try {
      return new TorchFormat().discover(store, store.root());
    } finally {
      Files.write(root.resolve("a.pt"), first);
      Files.write(root.resolve("b.pt"), second);
    }
  }

  private void write(String name, String resource) throws IOException {
    Files.write(root.resolve(name), TorchSets.bytes("malicious/" + resource));
  }

  @Test
  void computesThemUntilTheyAreKnownToMatch() throws IOException {
    write("a.pt", "_ok.pt");
    write("b.pt", "crc-mismatch.pt");
    assertThatThrownBy(this::openAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("b.pt")
        .hasMessageContaining("has the CRC-32 0x");
    assertThat(intact).containsExactly("a.pt");

    write("b.pt", "_ok.pt");
    openAll();
    assertThat(intact).containsExactlyInAnyOrder("a.pt", "b.pt");

    // Only so does it show that nothing is computed: a cache would not call other bytes intact.
    write("b.pt", "crc-mismatch.pt");
    assertThatCode(this::openAll).doesNotThrowAnyException();
    intact.remove("b.pt");
    assertThatThrownBy(this::openAll).isInstanceOf(CorruptObjectException.class);
  }
}
