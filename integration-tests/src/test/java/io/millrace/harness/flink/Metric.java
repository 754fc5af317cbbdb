// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

/**
 * A metric of an operator, over all subtasks that have reported it.
 *
 * @param sum of the subtasks' values
 * @param max the highest value of a subtask
 */
public record Metric(double sum, double max) {

  Metric plus(Metric other) {
    return new Metric(sum + other.sum, Math.max(max, other.max));
  }
}
