// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class LedgerEntryTest {

  @ParameterizedTest
  @ValueSource(strings = {"a/b,c.mds", "tab\there", "line\nand\rline", "back\\slash\\n", ""})
  void readsWhatItWroteWhateverTheNames(String name) {
    LedgerEntry entry = new LedgerEntry(3, name, 17, 1L << 40, Long.MAX_VALUE, name);

    String line = entry.toLine();

    assertThat(line).doesNotContain("\n", "\r");
    assertThat(LedgerEntry.parse(line)).isEqualTo(entry);
  }

  @Test
  void refusesAPartOfALine() {
    assertThatThrownBy(() -> LedgerEntry.parse("1\tshard\t17"))
        .hasMessage("Cannot read ledger line '1\tshard\t17': it has 3 of 6 parts");
    assertThatThrownBy(() -> LedgerEntry.parse("1\tshard\t17\tx\t0\tc"))
        .hasMessage("Cannot read ledger line '1\tshard\t17\tx\t0\tc'");
  }
}
