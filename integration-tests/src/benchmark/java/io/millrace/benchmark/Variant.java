// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/** One way of going over a dataset. All variants of a dataset go over the same samples. */
interface Variant {

  BenchmarkDataset dataset();

  /** Its name among the variants of its dataset. */
  String name();

  /** Its name among all variants. */
  default String id() {
    return dataset().shape().label() + "." + name();
  }

  /**
   * Goes over the dataset for a number of epochs. Blocks until it is done.
   *
   * @throws IllegalStateException if not every sample arrived
   */
  Measurement measure(int epochs) throws Exception;
}
