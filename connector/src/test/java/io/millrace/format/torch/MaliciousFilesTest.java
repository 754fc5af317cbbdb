// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.format.codec.TestingStreams;
import io.millrace.format.pickle.PyDict;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile and damaged files are refused, say why, run nothing and cost little. */
class MaliciousFilesTest {

  /** Heap that opening any file takes: tables, a stack, an exception with its trace. */
  private static final long OVERHEAD = 64 << 10;

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
    assertThat(TorchSets.refusal(file))
        .hasMessageStartingWith("Corrupt object file:/data/sample.pt at offset ")
        .hasMessageContaining(message);
    // classes are loaded now
    assertThat(allocated(file)).isLessThan(2L * file.length + OVERHEAD);
  }

  private static long allocated(byte[] file) {
    ByteChunks chunks = TestingStreams.chunks(file);
    CountingInput input = new CountingInput(2L * file.length);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      TorchFile.open(TorchSets.OBJECT, chunks, false, input);
    } catch (IOException e) {
      return threads.getCurrentThreadAllocatedBytes() - before;
    }
    throw new AssertionError("not refused");
  }

  @Test
  void nothingIsRun() throws IOException {
    for (String name : new String[] {"os-system.pt", "plain-pickle.pt"}) {
      assertThat(TorchSets.refusal(TorchSets.bytes("malicious/" + name))).isNotNull();
    }
    assertThat(Files.exists(Path.of("PWNED-by-pickle"))).isFalse();
  }
}
