// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.meter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class OriginMeterTest {

  private static final OriginKey GET = new OriginKey(OriginOperation.GET, "/a", false);
  private static final OriginKey FAULTED = new OriginKey(OriginOperation.GET, "/a", true);
  private static final OriginKey PUT = new OriginKey(OriginOperation.PUT, "/b", false);

  private final OriginMeter meter = new OriginMeter();

  @Test
  void addsUpByOperationObjectAndFault() {
    meter.request(GET);
    meter.read(GET, 10);
    meter.request(FAULTED);
    meter.read(FAULTED, 3);
    meter.request(PUT);
    meter.written(PUT, 7);

    OriginSnapshot seen = meter.snapshot();
    assertThat(seen.total()).isEqualTo(new OriginCounts(3, 13, 7));
    assertThat(seen.of(OriginOperation.GET).total()).isEqualTo(new OriginCounts(2, 13, 0));
    assertThat(seen.of("/b").total()).isEqualTo(new OriginCounts(1, 0, 7));
    assertThat(seen.faulted().total()).isEqualTo(new OriginCounts(1, 3, 0));
    assertThat(seen.unfaulted().of("/a").total()).isEqualTo(new OriginCounts(1, 10, 0));
    assertThat(seen.objects()).containsExactly("/a", "/b");
  }

  @Test
  void tellsWhatCameSince() {
    meter.request(GET);
    meter.request(PUT);
    OriginSnapshot before = meter.snapshot();
    meter.request(GET);
    meter.read(GET, 5);

    OriginSnapshot since = meter.since(before);
    assertThat(since.counts()).containsOnlyKeys(GET);
    assertThat(since.total()).isEqualTo(new OriginCounts(1, 5, 0));
    assertThat(before.total()).as("a value").isEqualTo(new OriginCounts(2, 0, 0));
    meter.reset();
    assertThat(meter.snapshot().counts()).isEmpty();
  }
}
