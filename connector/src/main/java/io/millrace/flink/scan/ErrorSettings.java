// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What input that cannot be read does to a scan, and how much of it may be left out.
 *
 * @param onError what it does
 * @param maxSkippedPercent how many per cent of an epoch's samples may be left out, by all readers
 */
@Internal
public record ErrorSettings(OnError onError, double maxSkippedPercent) implements Serializable {

  /** The options' defaults: nothing is left out. */
  public static final ErrorSettings FAIL = new ErrorSettings(OnError.FAIL, 1);

  private static final double ALL = 100;

  /**
   * Resolves the options.
   *
   * @throws IllegalArgumentException naming the option whose value cannot be used, and why
   */
  static ErrorSettings from(ReadableConfig config) {
    OnError onError = OnError.named(config.get(MillraceOptions.SCAN_ON_ERROR));
    String value = config.get(MillraceOptions.SCAN_ON_ERROR_MAX_SKIPPED);
    double percent = Percentage.parse(value).orElse(Double.NaN);
    if (!(percent <= ALL)) {
      throw unusable(value, "it must be a percentage from 0 % to 100 %, such as 1 %");
    }
    Optional<String> chosen = config.getOptional(MillraceOptions.SCAN_ON_ERROR);
    boolean bound = config.getOptional(MillraceOptions.SCAN_ON_ERROR_MAX_SKIPPED).isPresent();
    if (bound && chosen.isEmpty()) {
      // Who says fail in so many words, as in a hint on one query, may leave the bound where it is.
      throw unusable(
          value,
          "nothing is left out unless scan.on-error says so; set that to skip-sample or"
              + " skip-shard");
    }
    return new ErrorSettings(onError, percent);
  }

  private static IllegalArgumentException unusable(String value, String reason) {
    return new IllegalArgumentException(
        "Cannot use "
            + MillraceOptions.SCAN_ON_ERROR_MAX_SKIPPED.key()
            + " = "
            + value
            + ": "
            + reason);
  }

  /** Whether anything is left out at all. */
  public boolean skips() {
    return onError != OnError.FAIL;
  }

  /** How many of so many samples may be left out. */
  public long mostSkipped(long samples) {
    return (long) Math.floor(maxSkippedPercent * samples / ALL);
  }

  /** The bound as the option has it. */
  public String maxSkipped() {
    return new BigDecimal(String.valueOf(maxSkippedPercent)).stripTrailingZeros().toPlainString()
        + " %";
  }
}
