// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Field;
import io.millrace.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The first sample of a dataset, as text.
 *
 * @param uri where the dataset lies
 * @param format name of its format, or {@code auto}
 */
record FirstSample(String uri, String format) {

  private static final int SHOWN_CHARACTERS = 100;

  /** A line a field: its name and type, and its value, cut if it is long. */
  List<String> lines() throws Exception {
    MillraceSource<Sample> source = MillraceSource.builder().path(uri).format(format).build();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    List<Sample> first =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "samples").executeAndCollect(1);
    List<String> lines = new ArrayList<>();
    for (Sample sample : first) {
      for (int i = 0; i < sample.size(); i++) {
        Field field = sample.schema().field(i);
        lines.add(field + " = " + shorten(String.valueOf(sample.get(i))));
      }
    }
    return lines;
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\R", " ");
    return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
