// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import io.millrace.sample.Sample;
import org.apache.flink.api.common.functions.MapFunction;

/** Makes the ledger's line of a sample, with the hash of all its fields. */
public final class LedgerLine implements MapFunction<Sample, String> {

  private static final long serialVersionUID = 1L;

  @Override
  public String map(Sample sample) {
    return LedgerEntry.of(sample).toLine();
  }
}
