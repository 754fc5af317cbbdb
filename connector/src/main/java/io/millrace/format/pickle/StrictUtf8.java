// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Decodes UTF-8 and refuses what is malformed. Lone surrogates are, too: Python can pickle them
 * ({@code surrogatepass}), but two of them in a row would become another character here.
 */
final class StrictUtf8 {

  private static final char REPLACEMENT = '\uFFFD';
  private static final int PIECE = 1024;

  private StrictUtf8() {}

  static String decode(byte[] bytes, int offset, int length) throws PickleException {
    if (length == 0) {
      return "";
    }
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // The constructor replaces what is malformed. The character may also be there rightfully, so
    // only then the slow way has to decide.
    if (text.indexOf(REPLACEMENT) >= 0) {
      check(bytes, offset, length);
    }
    return text;
  }

  private static void check(byte[] bytes, int offset, int length) throws PickleException {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer out = CharBuffer.allocate(Math.min(length, PIECE));
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result;
    do {
      result = decoder.decode(in, out.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new PickleException(
          String.format(
              Locale.ROOT,
              "byte 0x%02x, number %d of the text, is not valid UTF-8",
              bytes[in.position()],
              in.position() - offset));
    }
  }
}
