// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.nio.file.Path;

/** {@link CountingJob} as users would hand it in, over the images that the repository has. */
final class CountingJobs {

  static final int SAMPLES_PER_EPOCH = 2000;

  private CountingJobs() {}

  static JobJar jar() {
    return JobJar.builder(CountingJob.class)
        .library(Path.of(System.getProperty("millrace.sql.jar")))
        .build();
  }

  static String[] arguments(int epochs, int pauseMicros) {
    Path dataset = Path.of("../examples/src/main/data/fashion-mnist-2k").toAbsolutePath();
    return new String[] {
      dataset.normalize().toUri().toString(), String.valueOf(epochs), String.valueOf(pauseMicros)
    };
  }
}
