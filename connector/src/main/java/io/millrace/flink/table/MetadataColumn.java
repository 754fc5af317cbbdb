// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.SampleMetadata;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/** What is known of every sample beside its fields. */
enum MetadataColumn {
  EPOCH(DataTypes.INT()) {
    @Override
    Object of(SampleMetadata sample) {
      return sample.epoch();
    }
  },
  SHARD(DataTypes.STRING()) {
    @Override
    Object of(SampleMetadata sample) {
      return StringData.fromString(sample.shard());
    }
  },
  SAMPLE(DataTypes.BIGINT()) {
    @Override
    Object of(SampleMetadata sample) {
      return sample.sample();
    }
  },
  EPOCH_POSITION(DataTypes.BIGINT()) {
    @Override
    Object of(SampleMetadata sample) {
      return sample.epochPosition();
    }
  },
  SHUFFLE_KEY(DataTypes.BIGINT()) {
    @Override
    Object of(SampleMetadata sample) {
      return sample.shuffleKey();
    }
  };

  private final DataType type;

  MetadataColumn(DataType type) {
    this.type = type;
  }

  abstract Object of(SampleMetadata sample);

  /** The name that SQL knows it by. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  DataType type() {
    return type;
  }

  static MetadataColumn named(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }

  /** Types by key, in the order of the documentation. */
  static Map<String, DataType> types() {
    Map<String, DataType> types = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(column -> types.put(column.key(), column.type));
    return types;
  }
}
