// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.fuzz.FuzzBytes;
import io.millrace.format.fuzz.FuzzWorker;
import io.millrace.format.pickle.RealPicklesTest.RealPickle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Good pickles with seeded mutations: each is read or refused, in bounded time, and costs memory in
 * proportion to its bytes.
 *
 * <p>A failure names its seed; {@code mvn -pl connector test -Dtest=PickleFuzzTest -Dfuzz.seed=SEED
 * -Dfuzz.count=1} repeats it.
 */
@Tag("fuzz")
@Isolated
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class PickleFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20_260_301L);
  private static final int COUNT = Integer.getInteger("fuzz.count", 4_000);

  /** What one mutation came to. */
  private enum Outcome {
    READ,
    CUT,
    REFUSED
  }

  @Test
  void isReadOrRefusedAndCostsLittle() throws IOException, InterruptedException {
    List<byte[]> good = new ArrayList<>();
    OpcodeCorpus.all().forEach(each -> good.add(Pickles.bytes(each.pickle())));
    RealPickle.all().forEach(each -> good.add(each.bytes()));
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    try (FuzzWorker worker = new FuzzWorker()) {
      for (int i = 0; i < COUNT; i++) {
        StringBuilder what = new StringBuilder();
        byte[] pickle = mutation(new SplittableRandom(SEED + i), good, what);
        String replay = "-Dfuzz.seed=" + (SEED + i) + " -Dfuzz.count=1: " + what;
        outcomes.merge(worker.run(replay, () -> outcome(pickle)), 1, Integer::sum);
      }
    }
    if (COUNT >= 10_000) {
      assertThat(outcomes).hasSize(Outcome.values().length);
      assertThat(outcomes.values()).as("%s", outcomes).allMatch(times -> times > COUNT / 20);
    }
  }

  private static byte[] mutation(SplittableRandom random, List<byte[]> good, StringBuilder what) {
    ByteArrayOutputStream codes = new ByteArrayOutputStream();
    for (Opcode opcode : Opcode.values()) {
      codes.write(opcode.code());
    }
    byte[] pickle = good.get(random.nextInt(good.size()));
    byte[] other = good.get(random.nextInt(good.size()));
    return new FuzzBytes(random, what, codes.toByteArray()).mutate(pickle, other);
  }

  private static Outcome outcome(byte[] pickle) {
    assertThat(HostilePicklesTest.allocated(pickle, PickleLimits.DEFAULTS))
        .isLessThan(HostilePicklesTest.ALWAYS + HostilePicklesTest.PER_BYTE * pickle.length);
    try {
      // Bytes behind the pickle are none of the machine's business.
      var loaded =
          PickleMachine.load(
              Pickles.placed(pickle, 0, 0),
              0,
              pickle.length,
              new RecordingConstructors(),
              PickleLimits.DEFAULTS);
      assertThat(loaded.end()).isBetween(1L, (long) pickle.length);
      assertThat(pickle[(int) loaded.end() - 1]).isEqualTo((byte) Opcode.STOP.code());
      return Outcome.READ;
    } catch (PickleException e) {
      assertThat(e.position()).isBetween(0L, (long) pickle.length);
      boolean cut = String.valueOf(e.getMessage()).contains("the pickle ends");
      assertThat(e.getMessage()).matches("[A-Z_0-9]+: .*|0x.. is not an opcode|the pickle ends.*");
      return cut ? Outcome.CUT : Outcome.REFUSED;
    }
  }
}
