// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SampleBatchTest {

  @Test
  void givesRunsBackInTheOrderInWhichTheyWereDrawn() {
    AtomicInteger recycled = new AtomicInteger();
    SampleBatch<String> batch = new SampleBatch<>(recycled::incrementAndGet);
    String one = "0-1";
    String two = "0-2";
    batch.add(one, "a", 10);
    batch.add(one, "b", 10);
    batch.add(two, "c", 5);
    batch.add(one, "d", 10);
    batch.finish(two);

    List<String> read = new ArrayList<>();
    for (String split = batch.nextSplit(); split != null; split = batch.nextSplit()) {
      for (Object r = batch.nextRecordFromSplit(); r != null; r = batch.nextRecordFromSplit()) {
        read.add(split + ":" + r);
      }
    }
    batch.recycle();

    assertThat(read).containsExactly("0-1:a", "0-1:b", "0-2:c", "0-1:d");
    assertThat(batch.finishedSplits()).containsExactly("0-2");
    assertThat(batch.bytes()).isEqualTo(35);
    assertThat(recycled).hasValue(1);
  }

  @Test
  void mayBeEmptyOrOnlyFinishASplit() {
    SampleBatch<String> batch = new SampleBatch<>(() -> {});
    assertThat(batch.nextSplit()).isNull();
    assertThat(batch.nextRecordFromSplit()).isNull();
    assertThat(batch.finishedSplits()).isEmpty();
  }
}
