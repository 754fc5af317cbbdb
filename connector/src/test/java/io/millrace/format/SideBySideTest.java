// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
class SideBySideTest {

  @Test
  void yieldsInOrderWhatRequestsYield() throws IOException {
    List<Callable<Integer>> requests =
        IntStream.range(0, 50).<Callable<Integer>>mapToObj(i -> () -> i * i).toList();
    assertThat(SideBySide.all(requests, "count"))
        .isEqualTo(IntStream.range(0, 50).mapToObj(i -> i * i).toList());
    assertThat(SideBySide.all(List.of(), "count")).isEmpty();
  }

  @Test
  @Timeout(20)
  void theFirstFailureEndsTheOthersWhereverItStands() throws Exception {
    CountDownLatch waiting = new CountDownLatch(SideBySide.THREADS - 1);
    CountDownLatch interrupted = new CountDownLatch(SideBySide.THREADS - 1);
    List<Callable<Integer>> requests = new ArrayList<>();
    for (int i = 0; i < SideBySide.THREADS - 1; i++) {
      requests.add(
          () -> {
            waiting.countDown();
            try {
              new CountDownLatch(1).await();
              return 0;
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw e;
            }
          });
    }
    requests.add(
        () -> {
          waiting.await();
          throw new IOException("no such thing");
        });

    assertThatThrownBy(() -> SideBySide.all(requests, "look"))
        .isInstanceOf(IOException.class)
        .hasMessage("no such thing");

    Await.until("the others to be interrupted", () -> interrupted.getCount() == 0);
  }
}
