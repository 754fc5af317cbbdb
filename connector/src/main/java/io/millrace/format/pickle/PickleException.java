// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import org.jspecify.annotations.Nullable;

/** A pickle is damaged, asks for what is not on the closed list, or goes beyond a bound. */
public final class PickleException extends Exception {

  private static final long serialVersionUID = 1L;

  private final long position;

  /**
   * @param position where in the bytes that the machine was given, -1 if a constructor does not
   *     know: the machine then adds it
   * @param problem what is wrong, with the offending name or value
   */
  public PickleException(long position, String problem) {
    this(position, problem, null);
  }

  /** Without a position, for {@link PickleConstructors}. */
  public PickleException(String problem) {
    this(-1, problem);
  }

  private PickleException(long position, String problem, @Nullable Throwable cause) {
    super(problem, cause);
    this.position = position;
  }

  public long position() {
    return position;
  }

  /** This one if it has a position, else one that has, and that names the opcode first. */
  PickleException at(long opcodePosition, String opcode) {
    return position >= 0
        ? this
        : new PickleException(opcodePosition, opcode + ": " + getMessage(), this);
  }
}
