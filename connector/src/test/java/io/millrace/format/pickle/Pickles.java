// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.storage.ByteChunks;

/** Loads pickles that tests write as strings of bytes. */
final class Pickles {

  private Pickles() {}

  static byte[] bytes(String latin) {
    return latin.getBytes(ISO_8859_1);
  }

  /** Bytes at some place of a run that has others around them. */
  static ByteChunks placed(byte[] pickle, long from, int behind) {
    ByteChunks chunks = ByteChunks.allocate(from + pickle.length + behind);
    for (var s = chunks.first(from, pickle.length); s != null; s = s.next()) {
      System.arraycopy(pickle, (int) (s.position() - from), s.array(), s.offset(), s.length());
    }
    return chunks;
  }

  static Object load(byte[] pickle) throws PickleException {
    return load(pickle, PickleLimits.DEFAULTS);
  }

  static Object load(byte[] pickle, PickleLimits limits) throws PickleException {
    ByteChunks bytes = placed(pickle, 0, 0);
    var loaded = PickleMachine.load(bytes, 0, pickle.length, new RecordingConstructors(), limits);
    assertThat(loaded.end()).isEqualTo(pickle.length);
    return loaded.value();
  }

  static String text(String pickle) throws PickleException {
    return PyText.of(load(bytes(pickle)));
  }

  /** What a pickle is refused with; nothing else may be thrown. */
  static PickleException refusal(byte[] pickle, PickleLimits limits) {
    Throwable thrown = catchThrowable(() -> load(pickle, limits));
    assertThat(thrown).isInstanceOf(PickleException.class);
    return (PickleException) thrown;
  }

  static PickleException refusal(String pickle) {
    return refusal(bytes(pickle), PickleLimits.DEFAULTS);
  }
}
