// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.storage.ByteChunks;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Decodes UTF-8 as Python's {@code bytes.decode("utf-8")} does: malformed bytes are an error. */
final class StrictText {

  private static final char REPLACEMENT = '\uFFFD';

  private StrictText() {}

  /** Whether it has no half of a surrogate pair, as an escape in JSON may be. */
  static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
      }
    }
    return true;
  }

  /** Decodes bytes that may lie in several chunks; copies them once where they lie in one. */
  static String decode(ByteChunks data, long position, int length) throws MalformedValueException {
    ByteChunks.Segment segment = data.first(position, length);
    if (segment == null) {
      return "";
    }
    if (segment.remaining() == 0) {
      return decode(segment.array(), segment.offset(), length);
    }
    return decode(data.copy(position, length), 0, length);
  }

  private static String decode(byte[] bytes, int offset, int length)
      throws MalformedValueException {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // The constructor replaces what is malformed. The character may also be there rightfully, so
    // only then the slow way has to decide.
    if (text.indexOf(REPLACEMENT) >= 0) {
      check(bytes, offset, length);
    }
    return text;
  }

  private static void check(byte[] bytes, int offset, int length) throws MalformedValueException {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer out = CharBuffer.allocate(length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    try {
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      int at = in.position() - offset;
      throw new MalformedValueException(
          at,
          String.format(Locale.ROOT, "byte 0x%02x is not valid UTF-8", bytes[in.position()]),
          e);
    }
  }
}
