// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.compat;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * A {@link TypeInformation} whose serializer depends on no configuration, which is the only way to write one that compiles
 * against Flink 1.20 as well as 2.x. This is the form for 2.x.
 */
@Internal
public abstract class TypeInformationAdapter<T> extends TypeInformation<T> {

  /** Returns a new serializer; called by the client as well as on the task managers. */
  protected abstract TypeSerializer<T> createTypeSerializer();

  @Override
  public final TypeSerializer<T> createSerializer(SerializerConfig config) {
    return createTypeSerializer();
  }
}
