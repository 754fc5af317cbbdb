// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/** Which reader gets which shard. */
@Internal
public enum Assignment {
  /** One of the cache that is the shard's home, in every epoch: caches add up. */
  STICKY("sticky"),
  /** The one that asks first. */
  FIRST_COME("first-come");

  private final String option;

  Assignment(String option) {
    this.option = option;
  }

  /** How the option names it. */
  public String option() {
    return option;
  }

  /**
   * The one that an option names.
   *
   * @throws IllegalArgumentException if there is none, with the names that there are
   */
  static Assignment named(String value) {
    return Arrays.stream(values())
        .filter(choice -> choice.option.equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot use "
                        + MillraceOptions.SCAN_ASSIGNMENT.key()
                        + " = "
                        + value
                        + ": it must be sticky or first-come"));
  }
}
