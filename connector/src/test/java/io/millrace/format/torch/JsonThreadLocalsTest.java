// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.ThreadLocals;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** JSON that was written leaves no class of a library at the thread. */
@Tag("unit")
class JsonThreadLocalsTest {

  @Test
  void textsLeaveNothing() throws Exception {
    assertThat(ThreadLocals.leftBy(() -> assertThat(new JsonText().of(7L)).isEqualTo("7")))
        .isEmpty();
  }
}
