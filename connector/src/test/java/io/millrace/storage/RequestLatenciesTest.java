// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class RequestLatenciesTest {

  private static final ObjectLocation OBJECT = ObjectLocation.of("s3://bucket/a");

  private final RequestLatencies latencies = new RequestLatencies();

  private static StorageRequest read(String location, long length) {
    return StorageRequest.read(ObjectLocation.of(location), 0, length);
  }

  private void record(StorageRequest request, long nanos) {
    for (int i = 0; i < RequestLatency.ENOUGH; i++) {
      latencies.of(request).record(nanos);
    }
  }

  @Test
  void whatIsNotKnownOfASizeIsWhatTheNextLargerTakes() {
    StorageRequest small = read("s3://bucket/a", 3_000);
    record(read("s3://bucket/b", 4_200_000), 50);
    record(read("s3://bucket/c", 40_000_000), 500);

    assertThat(latencies.usual(small).p95()).isEqualTo(50);
    assertThat(latencies.usual(read("s3://bucket/a", 4_190_000)).median()).isEqualTo(50);
    assertThat(latencies.usual(read("s3://bucket/a", 5_000_000)).p95()).isEqualTo(50);
    assertThat(latencies.usual(read("s3://bucket/a", 10_000_000)).p95()).isEqualTo(500);

    record(small, 20);
    assertThat(latencies.usual(small).p95()).as("its own").isEqualTo(20);
  }

  @Test
  void smallerOnesOtherPlacesAndOtherKindsSayNothing() {
    record(read("s3://bucket/a", 3_000), 20);

    assertThat(latencies.usual(read("s3://bucket/a", 4_200_000)).known()).isFalse();
    assertThat(latencies.usual(read("s3://other/a", 100)).known()).isFalse();
    assertThat(latencies.usual(StorageRequest.status(OBJECT)).known()).isFalse();
  }
}
