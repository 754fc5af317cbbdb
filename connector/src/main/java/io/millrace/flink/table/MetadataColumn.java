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
  EPOCH {
    @Override
    Object of(SampleMetadata sample) {
      return sample.epoch();
    }
  },
  SHARD {
    @Override
    Object of(SampleMetadata sample) {
      return StringData.fromString(sample.shard());
    }
  },
  SAMPLE {
    @Override
    Object of(SampleMetadata sample) {
      return sample.sample();
    }
  },
  EPOCH_POSITION {
    @Override
    Object of(SampleMetadata sample) {
      return sample.epochPosition();
    }
  },
  SHUFFLE_KEY {
    @Override
    Object of(SampleMetadata sample) {
      return sample.shuffleKey();
    }
  };

  abstract Object of(SampleMetadata sample);

  /** The name that SQL knows it by. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  DataType type() {
    return switch (this) {
      case EPOCH -> DataTypes.INT();
      case SHARD -> DataTypes.STRING();
      case SAMPLE, EPOCH_POSITION, SHUFFLE_KEY -> DataTypes.BIGINT();
    };
  }

  static MetadataColumn named(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }

  /** Types by key, in the order of the documentation. */
  static Map<String, DataType> types() {
    Map<String, DataType> types = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(column -> types.put(column.key(), column.type()));
    return types;
  }
}
