// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.mds.TestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch wrote hold what torch reads in them. */
@Tag("unit")
class TorchTruthTest {

  @TestFactory
  List<DynamicTest> everyCornerOfTheFormatIsWhatTorchReads() {
    return all("edge");
  }

  @TestFactory
  List<DynamicTest> everyFileOfTheScriptIsWhatTorchReads() {
    return all("made");
  }

  private static List<DynamicTest> all(String set) {
    Map<String, Map<String, Object>> truth = TorchTruth.of(set + ".truth.jsonl");
    return truth.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      Object value = TorchSets.open(set + "/" + entry.getKey());
                      TorchTruth.check(entry.getKey(), value, entry.getValue());
                    }))
        .toList();
  }

  @Test
  void latentsAndConditionsAreWhatTorchReads() throws IOException {
    List<String> lines = Files.readAllLines(TorchSets.path("latents-conditions.truth.jsonl"));
    assertThat(lines).hasSize(100);
    for (String line : lines) {
      Map<String, Object> facts = TestJson.object(line);
      for (String part : List.of("latents", "conditions")) {
        Map<String, Object> file = TorchTruth.map(facts.get(part));
        String name = (String) file.get("file");
        Object value = TorchSets.open("latents-conditions/" + name);
        TorchTruth.check(name, value, TorchTruth.map(file.get("value")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"level3", "level19-checksum", "multiframe", "stream-nosize"})
  void compressedFilesAreWhatTheyWereMadeOf(String name) throws IOException {
    Object value = TorchSets.open("zst/nested-" + name + ".pt.zst");
    TorchTruth.check(name, value, TorchTruth.of("edge.truth.jsonl").get("nested.pt"));
  }

  @Test
  void aCompressedFileThatIsCutIsRefused() throws IOException {
    assertThat(TorchSets.refusal(TorchSets.bytes("zst/nested-truncated.pt.zst"), true))
        .hasMessageContaining("the zstd stream is cut inside the frame at 0");
  }
}
