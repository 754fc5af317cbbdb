// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

/**
 * What a sample holds cannot become fields, or not those of its dataset. Whoever knows the file
 * turns it into an {@link java.io.IOException} that names it: the file may well be sound.
 */
final class FieldException extends Exception {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN = 100;

  FieldException(String problem) {
    super(problem);
  }

  /** How messages show a field's name, which comes out of a file and may be anything. */
  static String quote(String name) {
    String shown = name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
    StringBuilder quoted = new StringBuilder("\"");
    shown.chars().forEach(c -> quoted.append(Character.isISOControl(c) ? '?' : (char) c));
    return quoted.append('"').toString();
  }
}
