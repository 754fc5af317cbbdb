// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;

/** The source of docs/datastream.md, which a test compares with what stands between the marks. */
final class TunedSourceExample {

  private TunedSourceExample() {}

  static MillraceSource<Sample> source(String path) {
    // datastream.md begins
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(path)
            .format("mds")
            .fields("image", "label")
            .scanEpochs(90)
            .scanShuffle(true)
            .scanShuffleSeed(17)
            .scanShuffleWindow(32)
            .cacheMemorySize(MemorySize.ofMebiBytes(512))
            .prefetchBudget("128 mb")
            .storageRequestTimeout(Duration.ofSeconds(10))
            .build();
    // datastream.md ends
    return source;
  }
}
