// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.ThreadLocals;
import io.millrace.storage.ObjectLocation;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** JSON that was parsed leaves no class of a library at the thread. */
@Tag("unit")
class JsonThreadLocalsTest {

  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  private static final ObjectLocation INDEX = ObjectLocation.of("file:/index.json");

  @Test
  void showsWhatIsLeft() throws Exception {
    assertThat(ThreadLocals.leftBy(() -> LOCAL.set(this))).containsExactly(getClass().getName());
  }

  @Test
  void textsLeaveNothing() throws Exception {
    assertThat(ThreadLocals.leftBy(() -> JsonText.check("{\"a\": [1, \"b\"]}"))).isEmpty();
  }

  @Test
  void indexesLeaveNothing() throws Exception {
    byte[] index = "{\"shards\": [], \"version\": 2}".getBytes(UTF_8);

    assertThat(
            ThreadLocals.leftBy(
                () ->
                    IndexParser.parse(
                        new ByteArrayInputStream(index),
                        index.length,
                        INDEX,
                        (number, shard) -> {})))
        .isEmpty();
  }
}
