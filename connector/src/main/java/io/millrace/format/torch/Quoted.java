// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

/** Names out of a file, for messages. */
final class Quoted {

  private static final int SHOWN = 100;

  private Quoted() {}

  /** A name without quotes, cut if it is long; what is not printable ASCII is a question mark. */
  static String plain(String name) {
    StringBuilder shown = new StringBuilder(Math.min(name.length(), SHOWN) + 3);
    for (int i = 0; i < Math.min(name.length(), SHOWN); i++) {
      char c = name.charAt(i);
      shown.append(c <= ' ' || c > '~' ? '?' : c);
    }
    return name.length() > SHOWN ? shown.append("...").toString() : shown.toString();
  }
}
