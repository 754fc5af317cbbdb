// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.ShardInput;
import io.millrace.format.fuzz.FuzzInput;
import io.millrace.format.fuzz.FuzzInput.TooLargeException;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What opened samples take beyond their files, and when it is asked for. */
@Timeout(60)
@Tag("unit")
class SampleMemoryTest {

  private static final TorchFormat FORMAT = new TorchFormat();

  private static void open(byte[] file, boolean bounded, DirectShardInput[] opened)
      throws IOException {
    FuzzStore store = new FuzzStore(Map.of("a.pt", file));
    DatasetManifest manifest = FORMAT.discover(store, FuzzStore.ROOT);
    opened[0] = new DirectShardInput(store, FuzzStore.ROOT);
    ShardInput input = bounded ? new FuzzInput(opened[0]) : opened[0];
    FORMAT.open(manifest.shards().get(0), 0, input, manifest.schema()).close();
  }

  private static long reserved(byte[] file) throws IOException {
    DirectShardInput[] opened = new DirectShardInput[1];
    open(file, false, opened);
    return opened[0].reserved();
  }

  private static void number(StringBuilder pickle, int number) {
    pickle.append('M').append((char) (number & 0xff)).append((char) (number >> 8));
  }

  @Test
  void jsonTextOfAllFieldsOfASampleIsBounded() {
    // {0: shared, 1: shared, ...}, where shared is [[s, s, ...], None] of one long s
    StringBuilder pickle = new StringBuilder("}K\0](T");
    pickle.append((char) 0x60).append((char) 0xea).append("\0\0").append("s".repeat(60_000));
    pickle.append("q\0").append("h\0".repeat(249)).append("Neq\1s");
    for (int i = 1; i < 9_000; i++) {
      number(pickle, i);
      pickle.append("h\1s");
    }
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", pickle.append('.').toString().getBytes(ISO_8859_1));

    assertThatThrownBy(() -> open(zip.bytes(), false, new DirectShardInput[1]))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read sample mem:/fuzz/a.pt: its field \"1\" is not usable:"
                + " with it the sample has more than 16777216 characters of JSON text");
  }

  @Test
  void memoryIsReservedWhileTheValuesOfASampleAreMade() throws IOException {
    Map<String, Object> sample = new TreeMap<>();
    Field[] fields = new Field[21];
    for (int i = 0; i < 20; i++) {
      String name = "f" + (char) ('a' + i);
      fields[i] = new Field(name, Primitive.STRING, true);
      sample.put(name, "s".repeat(4 << 20));
    }
    fields[20] = new Field("z", Primitive.STRING, true);
    sample.put("z", 5L); // is none: but nobody comes to it
    Schema schema = Schema.of(fields);
    List<String> names = schema.fields().stream().map(Field::name).toList();
    FieldBinding binding = new FieldBinding(new FieldNames(names), schema, "a.pt");
    DirectShardInput direct = new DirectShardInput(new FuzzStore(new TreeMap<>()), FuzzStore.ROOT);

    assertThatThrownBy(() -> binding.bind(sample, new FuzzInput(direct)))
        .isInstanceOf(TooLargeException.class);
    assertThat(direct.reserved()).isBetween(7 * (4L << 20), 8 * (4L << 20));
  }

  @Test
  void copiesOfNumpyArraysAreReservedBesideTheFile() throws IOException {
    Object empty =
        Py.call(
            "numpy.core.multiarray._reconstruct",
            Py.global("numpy.ndarray"),
            Py.tuple(0),
            new byte[] {'b'});
    Object dtype =
        Py.built(
            Py.call("numpy.dtype", "i1", false, true),
            Py.tuple(3, "|", null, null, null, -1, -1, 0));
    Object array = Py.built(empty, Py.tuple(1, Py.tuple(400_000), dtype, false, new byte[400_000]));
    Object storage = Py.storage("torch.ByteStorage", "0", 400_000);
    Object tensor = Py.tensor(storage, 0, Py.tuple(400_000), Py.tuple(1));

    byte[] file =
        TorchLayouts.zip(new TreeMap<>(Map.of("n", array, "t", tensor)), new byte[400_000]);
    assertThat(reserved(file)).isBetween(400_000L, 402_000L);
    assertThat(reserved(TorchLayouts.zip(Map.of("t", tensor), new byte[400_000])))
        .isLessThan(1_000);
  }

  @Test
  void complexNumbersAreReserved() throws IOException {
    Object number = Py.call("builtins.complex", 1.5, 2.5);
    byte[] file = TorchLayouts.zip(Map.of("z", Collections.nCopies(5_000, number)));
    assertThat(reserved(file)).isBetween(5_000 * 256L, 5_000 * 300L);
  }
}
