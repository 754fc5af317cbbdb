// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.connector.source.Source;

/**
 * A source to be measured.
 *
 * @param <T> its records
 */
interface JobInput<T> {

  /** Makes a new source that goes over the dataset for a number of epochs. */
  Source<T, ?, ?> newSource(int epochs) throws IOException;

  RecordTouch<T> touch();

  /** Records that an epoch has. */
  long records() throws IOException;

  /** Bytes that the records of an epoch have. */
  long bytes() throws IOException;

  /** Epochs at either end of a run that do not count, as {@link Measurement#edgeEpochs}. */
  default int edgeEpochs() {
    return 0;
  }

  /** Share of the last epoch's bytes that a finished source took from its cache, if it has one. */
  default Optional<Double> hitRate(Source<T, ?, ?> finished) {
    return Optional.empty();
  }
}
