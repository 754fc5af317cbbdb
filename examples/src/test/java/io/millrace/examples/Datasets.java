// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import java.nio.file.Path;

/** Datasets of the repository, from the working directory of this module's tests. */
public final class Datasets {

  public static final Path FASHION_MNIST = Path.of("src/main/data/fashion-mnist-2k");

  private static final Path MDS = Path.of("../connector/src/test/resources/mds");

  /** What the tool that wrote {@link #FASHION_MNIST} says of it. */
  public static final Path FASHION_MNIST_TRUTH = MDS.resolve("fashion-mnist-2k.truth.json");

  /** Forty samples of an integer, a text and a float. */
  public static final Path WITHOUT_IMAGES = MDS.resolve("csv-none");

  /** Two directories of a hundred files each that PyTorch wrote. */
  static final Path TENSORS =
      Path.of("../connector/src/test/resources/torch/latents-conditions").toAbsolutePath();

  private Datasets() {}
}
