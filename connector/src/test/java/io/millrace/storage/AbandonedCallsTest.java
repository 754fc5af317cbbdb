// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class AbandonedCallsTest {

  private final AbandonedCalls calls = new AbandonedCalls();

  private AtomicInteger at(String uri) {
    return calls.at(ObjectLocation.of(uri));
  }

  @Test
  void countsApartWhatIsBelowARoot() {
    calls.countApart(ObjectLocation.of("s3://b/x"));
    calls.countApart(ObjectLocation.of("s3://b/x/y"));
    calls.countApart(ObjectLocation.of("file:/"));

    assertThat(at("s3://b/x")).isSameAs(at("s3://b/x/a/b")).isNotSameAs(at("s3://b/x/y"));
    assertThat(at("s3://b/x/y/a")).as("the innermost").isSameAs(at("s3://b/x/y"));
    assertThat(at("file:/a")).isSameAs(at("file:/b/c")).isNotSameAs(at("hdfs://nn/a"));
    assertThat(at("s3://b/xy")).as("elsewhere").isSameAs(at("hdfs://nn/a"));
  }

  @Test
  void goesOnCountingWhenARootIsNamedAgain() {
    calls.countApart(ObjectLocation.of("s3://b/x"));
    at("s3://b/x").incrementAndGet();
    calls.countApart(ObjectLocation.of("s3://b/x"));

    assertThat(at("s3://b/x")).hasValue(1);
  }
}
