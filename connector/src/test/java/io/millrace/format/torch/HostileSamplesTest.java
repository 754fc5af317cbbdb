// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.MeasuredOpening.ALWAYS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.codec.TestingStreams;
import io.millrace.format.fuzz.FuzzInput;
import io.millrace.format.fuzz.FuzzInput.TooLargeException;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.storage.CorruptObjectException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Small files whose values are large when they are taken apart, copied or inflated. */
@Timeout(30)
@Tag("unit")
class HostileSamplesTest {

  private static final TorchFormat FORMAT = new TorchFormat();

  private static byte[] zip(String pickle) {
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", pickle.getBytes(ISO_8859_1));
    return zip.bytes();
  }

  /** Finds and opens the one sample of a dataset. */
  private static void read(String name, byte[] file) throws IOException {
    FuzzStore store = new FuzzStore(Map.of(name, file));
    DatasetManifest manifest = FORMAT.discover(store, FuzzStore.ROOT);
    FuzzInput input = new FuzzInput(new DirectShardInput(store, FuzzStore.ROOT));
    FORMAT.open(manifest.shards().get(0), 0, input, manifest.schema()).close();
  }

  private static Throwable failure(byte[] file) {
    return catchThrowable(() -> read("a.pt", file));
  }

  @Test
  void whatContainsItselfIsRefused() {
    String problem =
        "more than 64 dicts and lists are nested in each other, or one contains itself";
    for (String pickle :
        new String[] {
          "]q\0h\0a.",
          "}q\0U\1xh\0s.",
          "}U\1x]q\0(h\0h\0es.",
          "]q\0(h\0\205h\0K\1\206e.",
          "]q\0(]q\1h\0ah\1eh\0a.",
          "}q\0U\1x]q\1(h\0h\1NU\1yes."
        }) {
      assertThat(failure(zip(pickle)))
          .as(pickle)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read sample mem:/fuzz/a.pt: ")
          .hasMessageContaining(problem);
    }
  }

  @Test
  void billionLaughsAreRefused() {
    for (String wrap : new String[] {"(%st", "](%se", "}(U\1aN%su"}) {
      String name = "";
      StringBuilder laughs = new StringBuilder("K\1q\0000");
      for (int level = 0; level < 30; level++) {
        StringBuilder ten = new StringBuilder();
        for (int i = 0; i < 10; i++) {
          ten.append(wrap.startsWith("}") ? "U\1" + (char) ('b' + i) : name);
          ten.append('h').append((char) level);
        }
        laughs.append(String.format(Locale.ROOT, wrap, ten));
        laughs.append('q').append((char) (level + 1)).append('0');
      }
      byte[] file = zip(laughs.append('h').append((char) 30).append('.').toString());
      assertThat(failure(file))
          .as(wrap)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read sample mem:/fuzz/a.pt: ")
          .hasMessageMatching(
              ".*(it has more than 10000000 values|it has more than 10000 fields).*");
      // the file itself is small, and so is what is made of it
      assertThat(MeasuredOpening.of(file, false).heap()).isLessThan(ALWAYS + 64L * file.length);
    }
  }

  @Test
  void tensorsThatRepeatAFewBytesCountAsWhatTheyShow() throws IOException {
    Object storage = Py.storage("torch.FloatStorage", "0", 1);
    Object large = Py.tensor(storage, 0, Py.tuple(1 << 14, 1 << 14), Py.tuple(0, 0));
    byte[] file = TorchLayouts.zip(Map.of("x", large), new byte[4]);
    MeasuredOpening opening = MeasuredOpening.of(file, false);
    assertThat(opening.failure()).isNull();
    assertThat(opening.heap()).isLessThan(2L * file.length + ALWAYS);
    assertThat(failure(file))
        .isInstanceOf(TooLargeException.class)
        .hasMessageStartingWith("Cannot hold 1073");
  }

  @Test
  void zstdThatSaysItIsHugeIsRefusedBeforeMemoryIsTaken() {
    byte[] bomb = Zstd.compress(new byte[100 << 20]);
    MeasuredOpening opening = MeasuredOpening.of(bomb, true);
    assertThat(opening.failure()).hasMessage("Cannot hold 104857600 bytes more in 33554432");
    assertThat(opening.heap()).isLessThan(2L * bomb.length + ALWAYS);
    assertThat(opening.given()).isZero();
    // another length in the frame's header than its blocks can have
    byte[] lie = Zstd.compress(new byte[1000]);
    assertThat(lie[4] & 0xe0).isEqualTo(0x60);
    byte[] large = lie.clone();
    large[4] = (byte) (lie[4] | 0x80);
    assertThat(MeasuredOpening.of(large, true).failure())
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageStartingWith("Corrupt object file:/data/sample.pt at offset ");
  }

  @Test
  void zstdThatDoesNotSayIsRefusedWhenMemoryEnds() throws IOException {
    byte[] bomb = unsized((int) MeasuredOpening.MEMORY + 1);
    MeasuredOpening opening = MeasuredOpening.of(bomb, true);
    assertThat(opening.failure()).hasMessageMatching("Cannot hold [0-9]+ bytes more in 33554432");
    assertThat(opening.given()).isLessThanOrEqualTo(MeasuredOpening.MEMORY);
    assertThat(opening.heap()).isLessThan(2L * bomb.length + ALWAYS + opening.given() / 1000);
  }

  /** Zeros in a frame that does not say how many. */
  private static byte[] unsized(int length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var zstd = new ZstdOutputStream(out)) {
      zstd.write(new byte[length]);
    }
    return out.toByteArray();
  }

  @Test
  void framesOfNothingAreNotAFile() {
    byte[] empty = Zstd.compress(new byte[0]);
    byte[][] many = new byte[10_000][];
    Arrays.fill(many, empty);
    MeasuredOpening opening = MeasuredOpening.of(TestingStreams.concatenate(many), true);
    assertThat(opening.failure())
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("the file is empty");
  }
}
