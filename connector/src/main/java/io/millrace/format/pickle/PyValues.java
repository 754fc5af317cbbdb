// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.sample.Bytes;
import java.math.BigInteger;

/** What messages call a value. */
final class PyValues {

  private static final int SHOWN = 60;

  private PyValues() {}

  /** A text in quotes, cut if it is long, with what cannot be printed left out of sight. */
  static String quote(String text) {
    StringBuilder shown = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), SHOWN); i++) {
      char c = text.charAt(i);
      shown.append(c < ' ' || c > '~' ? '?' : c);
    }
    return shown.append(text.length() > SHOWN ? "...\"" : "\"").toString();
  }

  /** A value's type as Python names it, or its class, with a short value. */
  static String describe(Object value) {
    if (value instanceof String text) {
      return "str " + quote(text);
    }
    if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof BigInteger big) {
      return "an int of " + big.bitLength() + " bits";
    }
    if (value instanceof Bytes bytes) {
      return "bytes of length " + bytes.size();
    }
    if (value instanceof PyTuple tuple) {
      return "a tuple of length " + tuple.size();
    }
    if (value instanceof PyNone) {
      return "None";
    }
    if (value instanceof PyList) {
      return "a list";
    }
    if (value instanceof PyDict) {
      return "a dict";
    }
    return value instanceof PySet ? "a set" : "a " + value.getClass().getSimpleName();
  }
}
