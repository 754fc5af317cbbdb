// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.flink.source.Dataset;
import io.millrace.flink.source.Datasets;
import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;

/** The pairs of docs/datastream.md, which a test compares with what stands between the marks. */
final class AlignedSourceExample {

  private AlignedSourceExample() {}

  static MillraceSource<Sample> source(String latents, String conditions) {
    // datastream.md begins
    Dataset pairs =
        Datasets.aligned(
            Datasets.at(latents).renamed("latents", "latent_conditions"),
            Datasets.at(conditions).prefixed("text"));
    MillraceSource<Sample> source =
        MillraceSource.builder().dataset(pairs).scanShuffle(true).build();
    // datastream.md ends
    return source;
  }
}
