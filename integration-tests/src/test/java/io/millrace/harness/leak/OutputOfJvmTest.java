// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the JVM's tools print. */
@Tag("unit")
class OutputOfJvmTest {

  @Test
  void readsThreadsOfJavaOutOfADump() {
    String dump =
        """
        2026-11-29 11:00:00
        Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):

        "main" #1 prio=5 os_prio=0 cpu=1 ms elapsed=1s tid=0x1 nid=0x2 waiting  [0x3]
           java.lang.Thread.State: WAITING (parking)
        \tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
        \t- parking to wait for  <0x1> (a java.util.concurrent.CountDownLatch$Sync)
        \tat app//org.example.Main.main(Main.java:3)

        "a "quoted" #7 name" #23 daemon prio=5 os_prio=0 cpu=1 ms tid=0x1 nid=0x2 runnable
           java.lang.Thread.State: RUNNABLE

        "VM Thread" os_prio=0 cpu=1 ms elapsed=1s tid=0x1 nid=0x2 runnable
        """;

    assertThat(ThreadPrint.parse(dump))
        .containsExactly(
            new ThreadState(
                1, "main", List.of("jdk.internal.misc.Unsafe.park", "org.example.Main.main")),
            new ThreadState(23, "a \"quoted\" #7 name", List.of()));
  }

  @Test
  void readsCountsOutOfAHistogram() {
    String histogram =
        """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         10000         800000  [B (java.base@17.0.15)
           2:             3             96  org.example.Loader
           3:             2             64  org.example.Loader
        Total         10005         800160
        """;

    assertThat(Histogram.parse(histogram))
        .isEqualTo(Map.of("[B", 10_000L, "org.example.Loader", 5L));
  }
}
