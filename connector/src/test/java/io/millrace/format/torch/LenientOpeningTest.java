// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.BadSampleException;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.sample.Field;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of files of which some are damaged, missing or something else. */
@Tag("unit")
class LenientOpeningTest {

  private static final int FILES = 8;

  @TempDir Path root;

  private final TorchFormat format = new TorchFormat();

  private Path file(long number) {
    return root.resolve("x" + number + ".pt");
  }

  private void write() throws IOException {
    for (long i = 0; i < FILES; i++) {
      TorchWriter.write(file(i), Map.of("id", i));
    }
  }

  private void damage(long number) throws IOException {
    byte[] bytes = Files.readAllBytes(file(number));
    bytes[bytes.length - 10] ^= (byte) 0xff;
    Files.write(file(number), bytes);
  }

  private DatasetManifest discover(boolean leniently) throws IOException {
    TestingObjectStore store = new TestingObjectStore(root);
    return leniently
        ? format.discoverLeniently(store, store.root())
        : format.discover(store, store.root());
  }

  @Test
  void aFileThatCannotBeReadIsABadSampleAndTheOthersCome() throws IOException {
    write();
    Schema fields = discover(false).schema();
    damage(2);
    Files.write(file(4), "\200\2cos\nsystem\n.".getBytes(StandardCharsets.ISO_8859_1));
    TorchWriter.write(file(6), Map.of("id", "a word"));
    DatasetManifest manifest = discover(true);
    Files.delete(file(3));
    Shard shard = manifest.shards().get(0);
    Map<Integer, Throwable> bad = new TreeMap<>();
    SampleAssembler samples = new SampleAssembler(fields);

    try (ShardReader reader = format.openLeniently(shard, 0, input(manifest), fields)) {
      assertThat(reader.samples()).isEqualTo(FILES);
      for (int i = 0; i < FILES; i++) {
        try {
          reader.read(i, samples);
          assertThat(samples.build(new SampleMetadata(0, "", i, 0, 0)).getLong("id")).isEqualTo(i);
        } catch (BadSampleException e) {
          bad.put(i, e);
        }
      }
    }

    assertThat(bad).containsOnlyKeys(2, 3, 4, 6);
    assertThat(bad.get(2)).hasCauseInstanceOf(CorruptObjectException.class);
    assertThat(bad.get(2)).hasMessageContaining("/x2.pt at offset");
    assertThat(bad.get(3)).hasCauseInstanceOf(FileNotFoundException.class);
    assertThat(bad.get(4)).hasCauseInstanceOf(CorruptObjectException.class);
    assertThat(bad.get(6))
        .hasMessageStartingWith("Cannot read sample file:")
        .hasMessageContaining("/x6.pt: ");
    assertThatThrownBy(() -> format.open(shard, 0, input(manifest), fields))
        .isInstanceOf(IOException.class);
  }

  private DirectShardInput input(DatasetManifest manifest) {
    return new DirectShardInput(new TestingObjectStore(root), manifest.root());
  }

  @Test
  void fieldsAreFoundInFilesThatCanBeRead() throws IOException {
    write();
    assertThat(discover(true).shards()).containsExactlyElementsOf(discover(false).shards());
    damage(0);
    Files.write(file(5), new byte[0]);

    assertThatThrownBy(() -> discover(false)).isInstanceOf(CorruptObjectException.class);
    assertThat(discover(true).schema().fields()).extracting(Field::name).containsExactly("id");
    assertThat(discover(true).samples()).isEqualTo(FILES);
    for (int i = 0; i < FILES; i++) {
      Files.write(file(i), new byte[0]);
    }
    assertThatThrownBy(() -> discover(true))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("x0.pt at offset 0: the file is empty");
  }
}
