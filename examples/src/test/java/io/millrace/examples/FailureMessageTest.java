// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FailureMessageTest {

  /** As if thrown elsewhere. */
  private static <E extends Throwable> E foreign(E failure) {
    failure.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("org.apache.flink.X", "run", "X.java", 1)});
    return failure;
  }

  @Test
  void leavesOutWhatFlinkAdds() {
    IOException ours = new IOException("Cannot read s3://b/x: gone", foreign(new Exception("404")));
    Throwable failure = foreign(new ExecutionException("Job execution failed.", ours));
    assertThat(FailureMessage.of(failure)).isEqualTo("Cannot read s3://b/x: gone");
  }

  @Test
  void addsWhatCausesSayAndSaysItOnce() {
    IOException inner = new IOException("offset 12 is past the end");
    IOException middle = new IOException("Cannot read sample 3", inner);
    RuntimeException outer = new RuntimeException("Cannot read sample 3", middle);
    assertThat(FailureMessage.of(outer))
        .isEqualTo("Cannot read sample 3: offset 12 is past the end");
  }

  @Test
  void showsTheRootCauseOfWhatIsNotOurs() {
    Throwable root = foreign(new OutOfMemoryError("Java heap space"));
    assertThat(FailureMessage.of(foreign(new RuntimeException("Job failed", root))))
        .isEqualTo("OutOfMemoryError: Java heap space");
    assertThat(FailureMessage.of(foreign(new NullPointerException())))
        .isEqualTo("NullPointerException");
  }
}
