// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.format.codec.TestingStreams;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files of torch's, from the test resources or made by a test. */
final class TorchSets {

  static final ObjectLocation OBJECT = ObjectLocation.of("file:/data/sample.pt");

  private TorchSets() {}

  static Path path(String name) {
    try {
      return Path.of(TorchSets.class.getResource("/torch/README.md").toURI()).resolveSibling(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(path(name));
  }

  /** What a file of the test resources holds. */
  static Object open(String name) throws IOException {
    return open(bytes(name), name.endsWith(".zst"));
  }

  static Object open(byte[] file) throws IOException {
    return open(file, false);
  }

  private static Object open(byte[] file, boolean compressed) throws IOException {
    return TorchFile.open(
            StoredFile.unchecked(OBJECT, TestingStreams.chunks(file), compressed),
            new CountingInput(64 << 20))
        .value();
  }

  /** What a file is refused with; nothing else may be thrown. */
  static CorruptObjectException refusal(byte[] file) {
    return refusal(file, false);
  }

  static CorruptObjectException refusal(byte[] file, boolean compressed) {
    Throwable thrown = catchThrowable(() -> open(file, compressed));
    return thrown instanceof CorruptObjectException refused ? refused : fail("not refused", thrown);
  }
}
