// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.ByteRange;
import io.millrace.format.ShardObject;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class DiscoveryInputTest {

  private static final FuzzStore STORE = new FuzzStore(Map.of("a/b.pt", new byte[1_000]));

  private static ShardObject object(long length) {
    return new ShardObject("a/b.pt", new ObjectVersion(length, 0, ""), Optional.empty());
  }

  private static String refusal(long most) {
    return "Cannot find the fields of mem:/fuzz: a/b.pt takes more than "
        + most
        + " bytes, stored and inflated; a sample that is looked at may take a quarter of the heap,"
        + " and at most 1073741824 bytes. Give the JVM that finds the dataset (-Xmx) more heap, or"
        + " split the sample";
  }

  @Test
  void countsWhatIsReadAndWhatIsAllocated() throws IOException {
    DiscoveryInput input = new DiscoveryInput(STORE, FuzzStore.ROOT, "a/b.pt", 1_500);

    assertThat(input.read(object(1_000), new ByteRange(0, 1_000)).length()).isEqualTo(1_000);
    assertThat(input.used()).isEqualTo(1_000);
    assertThat(input.allocate(500).length()).isEqualTo(500);
    assertThat(input.used()).isEqualTo(1_500);
    assertThatThrownBy(() -> input.allocate(1))
        .isInstanceOf(IOException.class)
        .hasMessage(refusal(1_500));
    assertThatThrownBy(() -> input.reserve(Long.MAX_VALUE)).hasMessage(refusal(1_500));
  }

  @Test
  void aFileThatIsTooLargeIsRefusedBeforeMemoryIsTaken() {
    long most = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4);
    DiscoveryInput input = new DiscoveryInput(STORE, FuzzStore.ROOT, "a/b.pt");
    long length = 1L << 50;

    assertThatThrownBy(() -> input.read(object(length), new ByteRange(0, length)))
        .isInstanceOf(IOException.class)
        .hasMessage(refusal(most));
    assertThat(input.used()).isZero();
  }
}
