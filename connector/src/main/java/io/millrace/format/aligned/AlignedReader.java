// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads each sample out of the parts that have projected fields. */
final class AlignedReader implements ShardReader {

  private final int samples;
  private final List<Source> sources = new ArrayList<>();

  AlignedReader(int samples) {
    this.samples = samples;
  }

  /**
   * Adds a part, which this reader closes.
   *
   * @param numbers the number in the projection of each of the part's fields
   */
  void add(OpenPart part, int[] numbers) {
    sources.add(new Source(part, numbers));
  }

  @Override
  public int samples() {
    return samples;
  }

  @Override
  public void read(int index, ValueSink sink) throws IOException {
    Objects.checkIndex(index, samples);
    for (Source source : sources) {
      source.part.read(index, source.sinkTo(sink));
    }
  }

  @Override
  public void close() {
    sources.forEach(source -> source.part.close());
  }

  /** A part and the way of its values, which is always the same in practice. */
  private static final class Source {
    private final OpenPart part;
    private final int[] numbers;
    private @Nullable RenumberingSink sink;

    private Source(OpenPart part, int[] numbers) {
      this.part = part;
      this.numbers = numbers;
    }

    private ValueSink sinkTo(ValueSink target) {
      if (sink == null || sink.target() != target) {
        sink = new RenumberingSink(numbers, target);
      }
      return sink;
    }
  }
}
