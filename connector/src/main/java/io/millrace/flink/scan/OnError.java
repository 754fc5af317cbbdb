// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/** What input that cannot be read does to a scan. */
@Internal
public enum OnError {
  /** It fails the job. */
  FAIL("fail"),
  /** The sample is left out; what is larger than a sample fails the job. */
  SKIP_SAMPLE("skip-sample"),
  /** The rest of its unit is left out, from the sample on. */
  SKIP_SHARD("skip-shard");

  private final String option;

  OnError(String option) {
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
  static OnError named(String value) {
    return Arrays.stream(values())
        .filter(choice -> choice.option.equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot use "
                        + MillraceOptions.SCAN_ON_ERROR.key()
                        + " = "
                        + value
                        + ": it must be fail, skip-sample or skip-shard"));
  }
}
