// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.sample.Sample;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Passes samples on and counts them by epoch in the job's accumulator {@link #TALLY}. */
final class EpochMeter extends RichMapFunction<Sample, Sample> {

  static final String TALLY = "samples by epoch";

  private static final long serialVersionUID = 1L;

  private final EpochTally tally = new EpochTally();

  @Override
  public void open(OpenContext context) {
    getRuntimeContext().addAccumulator(TALLY, tally);
  }

  @Override
  public Sample map(Sample sample) {
    tally.add(sample.metadata().epoch());
    return sample;
  }
}
