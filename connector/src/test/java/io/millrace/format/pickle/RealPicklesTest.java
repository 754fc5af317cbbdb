// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Pickles of Python's picklers, of all protocols, and random opcodes, beside what Python's
 * unpickler made of them ({@code make_pickles.py}).
 */
@Tag("unit")
final class RealPicklesTest {

  /** One line of the resource. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record RealPickle(String name, byte[] bytes, String text) {

    static List<RealPickle> all() throws IOException {
      try (InputStream in = RealPicklesTest.class.getResourceAsStream("/pickle/pickles.tsv")) {
        String all = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        return all.lines().map(line -> line.split("\t", -1)).map(RealPickle::of).toList();
      }
    }

    private static RealPickle of(String[] columns) {
      return new RealPickle(columns[0], Base64.getDecoder().decode(columns[1]), columns[2]);
    }
  }

  @Test
  void makesWhatPythonMakes() throws IOException, PickleException {
    List<RealPickle> all = RealPickle.all();
    assertThat(all).hasSizeGreaterThan(600);
    for (RealPickle pickle : all) {
      assertThat(PyText.of(Pickles.load(pickle.bytes())))
          .as(pickle.name())
          .isEqualTo(pickle.text());
    }
  }

  @Test
  void readsAcrossABorderOfChunks() throws IOException, PickleException {
    for (RealPickle pickle : RealPickle.all()) {
      long from = (long) ByteChunks.CHUNK_SIZE - pickle.bytes().length / 2;
      ByteChunks bytes = Pickles.placed(pickle.bytes(), from, 1);
      var loaded =
          PickleMachine.load(
              bytes, from, bytes.length(), new RecordingConstructors(), PickleLimits.DEFAULTS);
      assertThat(PyText.of(loaded.value())).as(pickle.name()).isEqualTo(pickle.text());
      assertThat(loaded.end()).isEqualTo(bytes.length() - 1);
    }
  }

  @Test
  void refusesAllThatIsCut() throws IOException {
    for (RealPickle pickle : RealPickle.all()) {
      int step = Math.max(1, pickle.bytes().length / 250);
      for (int length = 0; length < pickle.bytes().length; length += step) {
        assertThat(Pickles.refusal(Arrays.copyOf(pickle.bytes(), length), PickleLimits.DEFAULTS))
            .as("%s cut to %s", pickle.name(), length)
            .hasMessageContaining("the pickle ends");
      }
    }
  }
}
