// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/**
 * A variant beside what it is compared with, round by round.
 *
 * @param id both names
 * @param values throughput of the variant by that of the other one
 * @param aim what the median should be at least
 */
record Ratio(String id, Statistics values, double aim) {

  boolean reached() {
    return values.median() >= aim;
  }
}
