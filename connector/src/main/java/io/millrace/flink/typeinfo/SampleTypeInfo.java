// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.flink.compat.TypeInformationAdapter;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The type of a stream of {@link Sample samples} that all have one schema. A source tells it by
 * itself; an own function that returns samples needs {@code .returns(new SampleTypeInfo(schema))},
 * without which Flink would fall back to Kryo.
 *
 * <p>Samples are no keys: key by a value or a number of the metadata.
 */
@PublicEvolving
public final class SampleTypeInfo extends TypeInformationAdapter<Sample> {
  private static final long serialVersionUID = 1;

  private final Schema schema;

  /** Makes the type of samples whose schema equals the given one. */
  public SampleTypeInfo(Schema schema) {
    this.schema = schema;
  }

  /** Returns the schema of every sample. */
  public Schema schema() {
    return schema;
  }

  @Override
  protected TypeSerializer<Sample> createTypeSerializer() {
    return new SampleSerializer(schema);
  }

  @Override
  public Class<Sample> getTypeClass() {
    return Sample.class;
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof SampleTypeInfo;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SampleTypeInfo that && schema.equals(that.schema);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }

  @Override
  public String toString() {
    return "Sample" + schema;
  }
}
