// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.time.Duration;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/** What a scan does that goes on from a checkpoint of a dataset that has changed since. */
@Internal
public enum OnChange {
  /** It fails. */
  FAIL("fail"),
  /** Epochs that are opened later have the shards that were added; other changes fail it. */
  ACCEPT_NEW_SHARDS("accept-new-shards"),
  /** The oldest epoch that is not wholly read begins anew. */
  RESTART_EPOCH("restart-epoch");

  private final String option;

  OnChange(String option) {
    this.option = option;
  }

  /** How the option names it. */
  public String option() {
    return option;
  }

  /** The option and its value, for messages. */
  public String setting() {
    return MillraceOptions.SCAN_RESTORE_ON_CHANGE.key() + " = " + option;
  }

  /**
   * Resolves the option.
   *
   * @param discovery how often shards are looked for that are added; null if they are not
   * @throws IllegalArgumentException if there is no such choice, or it cannot be made here
   */
  static OnChange from(ReadableConfig config, DatasetSpec dataset, @Nullable Duration discovery) {
    OnChange chosen = named(config.get(MillraceOptions.SCAN_RESTORE_ON_CHANGE));
    if (chosen != FAIL && discovery != null) {
      throw chosen.unusable(
          " with scan.discovery.interval = "
              + discovery
              + ": shards that are added are taken anyway there; leave one of the two out");
    }
    if (chosen == ACCEPT_NEW_SHARDS && dataset.parts().size() > 1) {
      throw chosen.unusable(
          ": the dataset is aligned of "
              + dataset.parts().size()
              + " parts, which cannot be told to have grown by the same samples");
    }
    if (chosen == ACCEPT_NEW_SHARDS && dataset.parts().get(0).roots().size() > 1) {
      throw chosen.unusable(": the dataset has replicas, which do not grow at the same time");
    }
    return chosen;
  }

  private static OnChange named(String value) {
    return Arrays.stream(values())
        .filter(choice -> choice.option.equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot use "
                        + MillraceOptions.SCAN_RESTORE_ON_CHANGE.key()
                        + " = "
                        + value
                        + ": it must be fail, accept-new-shards or restart-epoch"));
  }

  private IllegalArgumentException unusable(String reason) {
    return new IllegalArgumentException("Cannot use " + setting() + reason);
  }
}
