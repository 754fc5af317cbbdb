// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

/**
 * What Flink's SQL client did.
 *
 * @param status its exit status; Flink's client ends with 0 although a statement failed, so ask
 *     {@link #failed}
 * @param output all that it printed, without colours
 */
public record SqlResult(int status, String output) {

  /** Whether a statement failed; the client runs none of those after it. */
  public boolean failed() {
    return status != 0 || output.contains("[ERROR] ");
  }
}
