// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.sample.Sample;

/** The form of records that {@link MillraceSourceBuilder#build} uses, for tests elsewhere. */
public final class TestingRecords {

  private TestingRecords() {}

  public static RecordFormat<Sample> samples() {
    return new SampleRecordFormat();
  }
}
