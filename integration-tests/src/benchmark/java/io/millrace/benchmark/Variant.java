// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/** One way of going over a dataset. All variants of a workload go over the same samples. */
interface Variant {

  Workload workload();

  /** Its name among the variants of its workload. */
  String name();

  /** Its name among all variants. */
  default String id() {
    return workload().label() + "." + name();
  }

  /**
   * Goes over the dataset for a number of epochs. Blocks until it is done.
   *
   * @throws IllegalStateException if not every sample arrived
   */
  Measurement measure(int epochs) throws Exception;
}
