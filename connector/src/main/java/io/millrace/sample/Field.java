// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.io.Serializable;

/**
 * A named, typed place in a {@link Schema}.
 *
 * @param name as in the dataset; any text, case matters
 * @param type what its values are
 * @param nullable whether a sample may have no value here
 */
public record Field(String name, FieldType type, boolean nullable) implements Serializable {
  /** Returns a form such as {@code label int64} or {@code caption string?} if nullable. */
  @Override
  public String toString() {
    return name + " " + type + (nullable ? "?" : "");
  }
}
