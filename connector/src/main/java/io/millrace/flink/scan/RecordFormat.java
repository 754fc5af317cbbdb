// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.format.ValueSink;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The form in which samples are emitted: decides their type, and builds them straight from the
 * decoder's values.
 *
 * @param <T> what the source emits
 */
@Internal
public interface RecordFormat<T> extends Serializable {

  TypeInformation<T> producedType(Schema projection);

  /** Makes a builder for one thread. */
  Assembler<T> newAssembler(Schema projection);

  /**
   * Collects the values of one sample after another.
   *
   * @param <T> what the source emits
   */
  interface Assembler<T> {

    /** Takes the values of the next record; always the same object. */
    ValueSink sink();

    /** The record of the values set since the last call. */
    T build(SampleMetadata metadata);
  }
}
