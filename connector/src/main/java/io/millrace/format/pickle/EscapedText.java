// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

/** Undoes the escapes of protocol 0, of text and of byte strings. */
final class EscapedText {

  private static final String PLAIN_ESCAPES = "\\'\"abfnrtv";
  private static final String ESCAPED = "\\'\"\u0007\b\f\n\r\t\u000b";

  private EscapedText() {}

  /**
   * Python's {@code raw-unicode-escape}: each byte is a character, but for {@code \}{@code uXXXX}
   * and {@code \}{@code UXXXXXXXX}. A surrogate is refused, as {@link StrictUtf8} does.
   */
  static String rawUnicode(byte[] line) throws PickleException {
    StringBuilder text = new StringBuilder(line.length);
    int at = 0;
    while (at < line.length) {
      char c = (char) (line[at++] & 0xff);
      if (c != '\\' || at == line.length) {
        text.append(c);
        continue;
      }
      char kind = (char) (line[at++] & 0xff);
      int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
      if (digits == 0) {
        text.append(c).append(kind);
        continue;
      }
      int character = hex(line, at, digits);
      if (!Character.isValidCodePoint(character)
          || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)) {
        throw new PickleException("0x" + Integer.toHexString(character) + " is not a character");
      }
      text.appendCodePoint(character);
      at += digits;
    }
    return text.toString();
  }

  /**
   * The bytes of a byte string as Python 2 shows it, in quotes.
   *
   * @param line the quotes and what is between them; is overwritten
   * @return how many bytes there are, at the line's beginning
   */
  static int unquote(byte[] line) throws PickleException {
    int end = line.length - 1;
    if (end < 1 || line[0] != line[end] || (line[0] != '\'' && line[0] != '"')) {
      throw new PickleException("its text is not in quotes");
    }
    int length = 0;
    int at = 1;
    while (at < end) {
      byte b = line[at++];
      if (b != '\\') {
        line[length++] = b;
        continue;
      }
      if (at == end) {
        throw new PickleException("its text ends with a backslash");
      }
      int plain = PLAIN_ESCAPES.indexOf(line[at]);
      if (plain >= 0) {
        line[length++] = (byte) ESCAPED.charAt(plain);
        at++;
      } else if (line[at] == 'x') {
        line[length++] = (byte) hex(line, at + 1, 2);
        at += 3;
      } else if (isOctal(line[at])) {
        int value = 0;
        for (int i = 0; i < 3 && isOctal(line[at]); i++) {
          value = value << 3 | (line[at++] - '0');
        }
        line[length++] = (byte) value;
      } else {
        line[length++] = b;
      }
    }
    return length;
  }

  private static boolean isOctal(byte b) {
    return b >= '0' && b <= '7';
  }

  private static int hex(byte[] line, int from, int digits) throws PickleException {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < line.length ? Character.digit(line[i], 16) : -1;
      if (digit < 0) {
        throw new PickleException("an escape lacks some of its " + digits + " hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
