// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("it")
@Tag("smoke")
final class TypeInformationAdapterITCase {

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @Test
  void itsSerializerCarriesRecordsBetweenTasks() throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(2);

    List<String> received = new ArrayList<>();
    try (CloseableIterator<String> records =
        environment
            .fromData(List.of("a", "b", "c"), new Words())
            .rebalance()
            .map(word -> word + word)
            .returns(new Words())
            .executeAndCollect()) {
      records.forEachRemaining(received::add);
    }

    assertThat(received).containsExactlyInAnyOrder("aa", "bb", "cc");
  }

  private static final class Words extends TypeInformationAdapter<String> {

    @Override
    protected TypeSerializer<String> createTypeSerializer() {
      return StringSerializer.INSTANCE;
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
    public Class<String> getTypeClass() {
      return String.class;
    }

    @Override
    public boolean isKeyType() {
      return false;
    }

    @Override
    public String toString() {
      return "Words";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Words;
    }

    @Override
    public int hashCode() {
      return Words.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
      return other instanceof Words;
    }
  }
}
