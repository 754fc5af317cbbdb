// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class LedgerTest {

  private static final LedgerEntry FIRST = new LedgerEntry(0, "a", 0, 0, 0, "x");
  private static final LedgerEntry SECOND = new LedgerEntry(0, "a", 1, 1, 1, "y");

  @TempDir Path directory;

  @Test
  void readsCommittedFilesOfAllBucketsOnly() throws IOException {
    Path bucket = Files.createDirectories(directory.resolve("2026-11-29--10"));
    Path other = Files.createDirectories(directory.resolve("2026-11-29--11"));
    Files.writeString(bucket.resolve("part-0-0"), FIRST.toLine() + "\n");
    Files.writeString(other.resolve("part-0-1"), SECOND.toLine() + "\n");
    Files.writeString(other.resolve(".part-0-2.inprogress.17"), FIRST.toLine());
    Files.writeString(other.resolve("_part-0-3_tmp_17"), FIRST.toLine());

    assertThat(Ledger.at(directory).entries()).containsExactlyInAnyOrder(FIRST, SECOND);
  }

  @Test
  void isEmptyBeforeAJobWrote() throws IOException {
    assertThat(Ledger.at(directory.resolve("none")).entries()).isEmpty();
  }

  @Test
  void namesTheFileAndTheLineThatIsTorn() throws IOException {
    Path file = directory.resolve("part-0-0");
    Files.writeString(file, FIRST.toLine() + "\n" + "0\ta");

    assertThatThrownBy(() -> Ledger.at(directory).entries())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read the ledger in "
                + new org.apache.flink.core.fs.Path(file.toUri())
                + ", line 2: Cannot read ledger line '0\ta': it has 2 of 6 parts");
  }
}
