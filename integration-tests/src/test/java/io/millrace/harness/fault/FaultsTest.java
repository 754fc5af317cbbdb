// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.harness.meter.OriginOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class FaultsTest {

  private static final FaultRule HALF =
      FaultRule.on(RequestPattern.any()).withProbability(0.5).fault(Fault.refuse());

  private static OriginRequest get(String path) {
    return new OriginRequest(OriginOperation.GET, "GET", path, path);
  }

  private static FaultPlan decide(FaultRule... rules) {
    Faults faults = new Faults(1);
    faults.add(rules);
    return faults.decide(get("/o"));
  }

  @Test
  void decidesByEachObjectsOwnRequestsWhateverTheirOrder() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      requests.add("/o" + i % 5);
    }
    Map<String, String> before = decisions(requests);
    Collections.shuffle(requests, new Random(3));

    assertThat(decisions(requests)).isEqualTo(before);
    assertThat(before.values()).as("objects differ").doesNotHaveDuplicates();
  }

  private static Map<String, String> decisions(List<String> requests) {
    Faults faults = new Faults(42);
    faults.add(HALF);
    Map<String, String> decisions = new TreeMap<>();
    for (String path : requests) {
      String decision = faults.decide(get(path)).isFaulted() ? "x" : ".";
      decisions.merge(path, decision, String::concat);
    }
    return decisions;
  }

  @Test
  void hitsTheShareThatItIsTold() {
    Faults faults = new Faults(5);
    FaultRule rule =
        FaultRule.on(RequestPattern.any()).withProbability(0.05).fault(Fault.status(500));
    faults.add(rule);
    for (int i = 0; i < 20_000; i++) {
      faults.decide(get("/shard." + i % 100));
    }

    assertThat(faults.hits(rule)).isBetween(900L, 1100L);
  }

  @Test
  void decidesForEqualRulesApart() {
    Faults faults = new Faults(5);
    faults.add(
        HALF,
        FaultRule.on(RequestPattern.any())
            .withProbability(0.5)
            .fault(Fault.delay(Duration.ofDays(1))));
    int both = 0;
    int one = 0;
    for (int i = 0; i < 1000; i++) {
      FaultPlan plan = faults.decide(get("/o"));
      boolean refused = plan.outcome() != null;
      boolean delayed = !plan.delay().isZero();
      both += refused && delayed ? 1 : 0;
      one += refused != delayed ? 1 : 0;
    }

    assertThat(both).isBetween(200, 300);
    assertThat(one).isBetween(430, 570);
  }

  @Test
  void limitsHitsForEachObject() {
    Faults faults = new Faults(1);
    FaultRule twice = FaultRule.on(RequestPattern.any()).limit(2).fault(Fault.refuse());
    faults.add(twice);

    for (String path : List.of("/a", "/b")) {
      assertThat(faults.decide(get(path)).isFaulted()).isTrue();
      assertThat(faults.decide(get(path)).isFaulted()).isTrue();
      assertThat(faults.decide(get(path)).isFaulted()).isFalse();
    }
    assertThat(faults.hits(twice)).isEqualTo(4);
  }

  @Test
  void addsUpWhatSlowsDownAndTakesTheFirstOfTheRest() {
    RequestPattern any = RequestPattern.any();
    FaultPlan plan =
        decide(
            FaultRule.on(any).fault(Fault.delay(Duration.ofMillis(5))),
            FaultRule.on(any).fault(Fault.slower(3)),
            FaultRule.on(any).fault(Fault.bandwidth(100)),
            FaultRule.on(any).fault(Fault.cut(7)),
            FaultRule.on(any).fault(Fault.delay(Duration.ofMillis(6))),
            FaultRule.on(any).fault(Fault.slower(2)),
            FaultRule.on(any).fault(Fault.bandwidth(50)),
            FaultRule.on(any).fault(Fault.shortReads(9)),
            FaultRule.on(any).fault(Fault.hang()));

    assertThat(plan.delay()).isEqualTo(Duration.ofMillis(11));
    assertThat(plan.slower()).isEqualTo(6);
    assertThat(plan.bytesPerSecond()).isEqualTo(50);
    assertThat(plan.pieces()).isEqualTo(9);
    assertThat(plan.outcome()).isEqualTo(Fault.cut(7));
  }

  @Test
  void matchesOperationMethodAndTarget() {
    OriginRequest list = RequestClassifier.s3().classify("GET", "/b?list-type=2&prefix=d%2Fe/");
    assertThat(list.operation()).isEqualTo(OriginOperation.LIST);
    assertThat(list.object()).isEqualTo("/b/d/e/");
    assertThat(RequestPattern.operation(OriginOperation.LIST).matches(list)).isTrue();
    assertThat(RequestPattern.operation(OriginOperation.GET).matches(list)).isFalse();
    assertThat(RequestPattern.method("GET", "HEAD").matches(list)).isTrue();
    assertThat(RequestPattern.method("PUT").matches(list)).isFalse();
    assertThat(RequestPattern.any().at("prefix=d%2F").matches(list)).isTrue();
    assertThat(RequestPattern.any().at("^/b$").matches(list)).isFalse();
  }

  @Test
  void tellsObjectsOfS3FromBuckets() {
    RequestClassifier s3 = RequestClassifier.s3();

    assertThat(s3.classify("GET", "/b/k?versionId=1"))
        .isEqualTo(new OriginRequest(OriginOperation.GET, "GET", "/b/k?versionId=1", "/b/k"));
    assertThat(s3.classify("GET", "/b/").object()).isEqualTo("/b/");
    assertThat(s3.classify("GET", "/").operation()).isEqualTo(OriginOperation.LIST);
    assertThat(s3.classify("GET", "/").object()).isEqualTo("/");
    assertThat(s3.classify("GET", "/b?prefix=%zz").object()).isEqualTo("/b/%zz");
    assertThat(s3.classify("PUT", "/b").operation()).isEqualTo(OriginOperation.PUT);
    assertThat(s3.classify("POST", "/b?delete").operation()).isEqualTo(OriginOperation.POST);
  }

  @Test
  void refusesValuesThatMeanNothing() {
    FaultRule.Builder rule = FaultRule.on(RequestPattern.any());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule.withProbability(1.5).fault(Fault.hang()))
        .withMessage("Cannot use probability 1.5: must be 0 to 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule.limit(0).fault(Fault.hang()))
        .withMessage("Cannot use limit 0: must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.status(200))
        .withMessage("Cannot answer status 200 as a fault: must be 400 to 599");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.corrupt(0))
        .withMessage("Cannot corrupt 0 bytes");
  }
}
