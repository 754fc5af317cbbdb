// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.storage.ByteChunks;

/**
 * Interprets one pickle after the other out of memory. What comes of Python's values:
 *
 * <ul>
 *   <li>{@code None}: {@link PyNone}; {@code bool}: {@link Boolean}; {@code float}: {@link Double};
 *       {@code str}: {@link String};
 *   <li>{@code int}: {@link Long} where 64 bits hold it, else {@link java.math.BigInteger};
 *   <li>{@code bytes} and {@code bytearray}: {@link io.millrace.sample.Bytes};
 *   <li>{@code list}, {@code tuple}, {@code dict}, {@code set} and {@code frozenset}: {@link
 *       PyList}, {@link PyTuple}, {@link PyDict}, {@link PySet};
 *   <li>anything else: what {@link PickleConstructors} make of it.
 * </ul>
 */
public final class PickleMachine {

  private PickleMachine() {}

  /**
   * Reads one pickle.
   *
   * @param bytes memory that holds it; nothing that is returned aliases it
   * @param from where it begins
   * @param end where it must have ended at the latest
   * @throws PickleException if it is damaged, refused or beyond the limits; its position counts in
   *     {@code bytes}
   */
  public static Loaded load(
      ByteChunks bytes, long from, long end, PickleConstructors constructors, PickleLimits limits)
      throws PickleException {
    throw new PickleException(from, "not yet");
  }

  /**
   * What was read.
   *
   * @param value the value
   * @param end position after the pickle's last byte
   */
  public record Loaded(Object value, long end) {}
}
