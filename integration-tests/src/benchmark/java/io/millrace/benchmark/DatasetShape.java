// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/** The datasets that are measured: images of a usual size, and samples so small that each counts. */
enum DatasetShape {
  LARGE_SAMPLES("100kb", 4_000, 100_000),
  SMALL_SAMPLES("1kb", 200_000, 1_000);

  private final String label;
  private final int fullSamples;
  private final int sampleBytes;

  DatasetShape(String label, int fullSamples, int sampleBytes) {
    this.label = label;
    this.fullSamples = fullSamples;
    this.sampleBytes = sampleBytes;
  }

  String label() {
    return label;
  }

  int sampleBytes() {
    return sampleBytes;
  }

  /** Number of samples at a scale, at least 2. */
  int samples(double scale) {
    return (int) Math.max(2, Math.round(fullSamples * scale));
  }
}
