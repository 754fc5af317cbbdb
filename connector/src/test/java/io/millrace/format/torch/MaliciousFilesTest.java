// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.pickle.PyDict;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile and damaged files are refused, say why, run nothing and cost little. */
@Tag("unit")
class MaliciousFilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"_ok.pt", "deflated.pt"})
  void theGoodOnesAreRead(String name) throws IOException {
    PyDict sample = (PyDict) TorchSets.open("malicious/" + name);
    TensorValue tensor = (TensorValue) sample.items().values().iterator().next();
    assertThat(tensor.byteSize()).isEqualTo(400);
    assertThat(tensor.toBytes()).hasSize(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crc-mismatch.pt|the record _ok/data/0 has the CRC-32 0x",
        "deep-nesting.pt|the stack would hold more than 10000 values",
        "garbage.pt|not a file of torch.save: it begins with 0x00010203",
        "oob-shape.pt|a tensor of float32[4294967296] takes more than the 2147483639 bytes that an",
        "os-system.pt|names posix.system, which is not among the constructors that a torch file may",
        "plain-pickle.pt|the file begins with a pickle, but without the number that torch.save",
        "storage-short.pt|storage 0 is said to be of 100 elements of float32, but its record has 100",
        "zero.pt|the file is empty"
      })
  void theOthersAreRefusedForWhatTheyAre(String name, String message) throws IOException {
    byte[] file = TorchSets.bytes("malicious/" + name);
    MeasuredOpening opening = MeasuredOpening.of(file, false);
    assertThat(opening.failure())
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageStartingWith("Corrupt object file:/data/sample.pt at offset ")
        .hasMessageContaining(message);
    assertThat(opening.heap()).isLessThan(2L * file.length + MeasuredOpening.ALWAYS);
    assertThat(opening.given()).isZero();
  }

  @Test
  void nothingIsRun() throws IOException {
    List<Long> before = processes();
    for (Path file : files(TorchSets.path("malicious"))) {
      MeasuredOpening.of(Files.readAllBytes(file), false);
    }
    assertThat(processes()).isEqualTo(before);
    for (String place : List.of("user.dir", "user.home", "java.io.tmpdir")) {
      assertThat(files(Path.of(System.getProperty(place))))
          .noneMatch(file -> file.getFileName().toString().startsWith("PWNED"));
    }
  }

  private static List<Long> processes() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).sorted().toList();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
