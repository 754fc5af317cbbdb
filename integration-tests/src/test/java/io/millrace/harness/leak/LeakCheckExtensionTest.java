// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.harness.leak.Leak.Kind;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("unit")
@Isolated("looks at all threads and descriptors of the process")
class LeakCheckExtensionTest {

  private static final LeakReport LEFT =
      new LeakReport(List.of(new Leak(Kind.THREAD, "\"planted\"")), List.of(), List.of());

  @RegisterExtension
  final LeakCheckExtension leaks =
      new LeakCheckExtension(
          () -> LeakCheck.ofThisJvm().temporaryFiles(Pattern.compile("planted.*")));

  @Test
  void passesATestThatLeavesNothing() throws Exception {
    useAndRelease();

    assertThat(leaks.check().end().leaks()).isEmpty();
  }

  /** In a method of its own: an interpreter's frame holds what its variables held last. */
  private void useAndRelease() throws Exception {
    try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
      leaks.check().track(loader, "a loader");
    }
  }

  @Test
  void failsATestThatLeavesSomething() {
    assertThatThrownBy(() -> LeakCheckExtension.judge(LEFT, null))
        .isInstanceOf(AssertionError.class)
        .hasMessage("1 leaks\n  THREAD \"planted\"");
  }

  @Test
  void addsWhatIsLeftToATestsOwnFailure() {
    Throwable failure = new IllegalStateException("the test's own");

    LeakCheckExtension.judge(LEFT, failure);

    assertThat(failure.getSuppressed())
        .singleElement()
        .satisfies(leak -> assertThat(leak).hasMessage("1 leaks\n  THREAD \"planted\""));
  }

  @Test
  void refusesToTellOfACheckOutsideOfATest() {
    assertThatThrownBy(() -> new LeakCheckExtension(LeakCheck::ofThisJvm).check())
        .hasMessage("Cannot use the leak check: no test is running");
  }
}
