// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

/**
 * Where a body of HTTP ends.
 *
 * @param kind how that is told
 * @param length bytes of the body; -1 if its head does not tell
 */
record HttpFraming(Kind kind, long length) {

  enum Kind {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  static final HttpFraming NONE = new HttpFraming(Kind.LENGTH, 0);
  static final HttpFraming CHUNKED = new HttpFraming(Kind.CHUNKED, -1);
  static final HttpFraming UNTIL_CLOSE = new HttpFraming(Kind.UNTIL_CLOSE, -1);

  static HttpFraming length(long length) {
    return new HttpFraming(Kind.LENGTH, length);
  }

  boolean isEmpty() {
    return length == 0;
  }
}
