// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.mds.MdsWriter;
import io.millrace.plan.EpochPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class ExpectedTest {

  private static final Map<String, Long> SHARDS = Map.of("a", 2L, "b", 1L);

  /** Two epochs of {@link #SHARDS}, as they must be. */
  private static List<LedgerEntry> entries() {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      entries.add(entry(epoch, "a", 0, EpochPosition.of(1, 0)));
      entries.add(entry(epoch, "a", 1, EpochPosition.of(1, 1)));
      entries.add(entry(epoch, "b", 0, EpochPosition.of(0, 0)));
    }
    return entries;
  }

  private static LedgerEntry entry(int epoch, String shard, long sample, long position) {
    return new LedgerEntry(epoch, shard, sample, position, 100 + position, shard + sample);
  }

  private static Expected contents() {
    return Expected.contents(
        Map.of(
            new SamplePlace("a", 0), "a0",
            new SamplePlace("a", 1), "a1",
            new SamplePlace("b", 0), "b0"),
        2);
  }

  @Test
  void passesWhatIsThereOnce() {
    for (Expected expected :
        List.of(
            Expected.counts(SHARDS, 2),
            contents(),
            contents().withPositions(2, 2),
            Expected.anywhere(List.of("a0", "a1", "b0"), 2))) {
      Comparison comparison = expected.compare(entries());
      assertThat(comparison.isExact()).as(comparison.toString()).isTrue();
      assertThat(comparison)
          .hasToString("Ledger of 6 entries, 6 expected: 0 missing, 0 doubled, 0 wrong");
      comparison.check();
    }
  }

  @Test
  void namesWhatIsMissingAndDoubled() {
    List<LedgerEntry> entries = entries();
    entries.remove(4);
    entries.add(entries.get(2));
    entries.add(entries.get(2));

    Comparison comparison = Expected.counts(SHARDS, 2).compare(entries);

    assertThat(comparison.missing()).isEqualTo(1);
    assertThat(comparison.doubled()).isEqualTo(1);
    assertThat(comparison.wrong()).isZero();
    assertThatThrownBy(comparison::check)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            Ledger of 7 entries, 6 expected: 1 missing, 1 doubled, 0 wrong
              missing: epoch 1, a #1
              doubled: epoch 0, b #0, 3 times""");
  }

  @Test
  void namesEntriesThatAreWrong() {
    List<LedgerEntry> entries = entries();
    entries.set(0, new LedgerEntry(0, "a", 0, EpochPosition.of(1, 0), 1, "other"));
    entries.add(entry(2, "a", 0, 0));
    entries.add(entry(0, "a", 2, EpochPosition.of(1, 2)));

    assertThat(contents().compare(entries).toString())
        .contains("0 missing, 0 doubled, 3 wrong")
        .containsPattern("wrong: LedgerEntry\\[.*content=other\\]: its content must be a0")
        .containsPattern("wrong: LedgerEntry\\[epoch=2,.*: no epoch but 0 to 1 was to be read")
        .containsPattern("wrong: LedgerEntry\\[.*sample=2,.*: there is no such sample");
  }

  @Test
  void namesPositionsThatTwoSamplesShareOrNoEpochHas() {
    List<LedgerEntry> entries = entries();
    entries.set(0, new LedgerEntry(0, "a", 0, EpochPosition.of(1, 1), 7, "a0"));
    entries.set(3, new LedgerEntry(1, "a", 0, EpochPosition.of(2, 0), 7, "a0"));
    entries.set(4, new LedgerEntry(1, "a", 1, EpochPosition.of(0, 5), 7, "a1"));

    Comparison comparison = contents().withPositions(2, 2).compare(entries);

    assertThat(comparison.wrong()).isEqualTo(4);
    assertThat(comparison.toString())
        .contains(
            "its position is that of a #0, too",
            "no epoch has a rank 2 with a place 0",
            "its shuffle key is that of a #0, too",
            "no epoch has a rank 0 with a place 5");
  }

  @Test
  void tellsSamplesByContentWhereShardsAreNotKnown() {
    List<LedgerEntry> entries = entries();
    entries.set(0, new LedgerEntry(0, "b", 0, 5, 5, "a0"));
    entries.set(1, new LedgerEntry(0, "b", 1, 6, 6, "a0"));

    assertThat(Expected.anywhere(List.of("a0", "a1", "b0"), 2).compare(entries).toString())
        .contains(
            "1 missing, 1 doubled, 1 wrong",
            "missing: epoch 0, a1",
            "doubled: epoch 0, a0, 2 times",
            "its place is that of a0, too");
    assertThatThrownBy(() -> Expected.anywhere(List.of("x", "y", "x"), 1))
        .hasMessage("Cannot tell samples by their content: two are 'x'");
  }

  @Test
  void showsTheFirstFewOfMany() {
    String text = Expected.counts(Map.of("s", 1000L), 1).compare(List.of()).toString();

    assertThat(text.lines()).hasSize(10);
    assertThat(text)
        .startsWith("Ledger of 0 entries, 1000 expected: 1000 missing, 0 doubled, 0 wrong")
        .contains("missing: epoch 0, s #7")
        .endsWith("missing: and 992 more");
  }

  @Test
  void readsADatasetItself(@TempDir Path directory) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64")) {
      for (long id = 0; id < 5; id++) {
        writer.write(Map.of("id", id, "text", "t" + id));
        if (id == 2) {
          writer.endShard();
        }
      }
    }
    List<LedgerEntry> all = new ArrayList<>();
    List<LedgerEntry> ids = new ArrayList<>();
    for (long id = 0; id < 5; id++) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", id);
      String onlyId = SampleHash.of(fields);
      fields.put("text", "t" + id);
      String shard = id < 3 ? "shard.00000.mds" : "shard.00001.mds";
      all.add(new LedgerEntry(0, shard, id % 3, id, id, SampleHash.of(fields)));
      ids.add(new LedgerEntry(0, shard, id % 3, id, id, onlyId));
    }

    Expected.reading(directory, 1).compare(all).check();
    Expected.reading(directory.toUri().toString(), 1, "id").compare(ids).check();
    assertThat(Expected.reading(directory, 1, "id").compare(all).wrong()).isEqualTo(5);
  }
}
