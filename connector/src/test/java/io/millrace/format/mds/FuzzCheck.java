// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.format.fuzz.FuzzInput;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.format.mds.FuzzMutation.Kind;
import io.millrace.format.mds.FuzzOutcome.ShardOutcome;
import io.millrace.sample.Sample;
import io.millrace.storage.CorruptObjectException;
import java.io.FileNotFoundException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks what came of reading a mutated set: never a wrong value, never an undocumented failure.
 */
final class FuzzCheck {

  /** What an index says about how to read a shard, beside lengths, names of files and hashes. */
  private static final List<String> STRUCTURE =
      List.of(
          "format",
          "column_names",
          "column_encodings",
          "column_sizes",
          "columns",
          "newline",
          "separator");

  /** An empty shard may have so many bytes. */
  private static final int SMALL = 6000;

  private final FuzzMutation mutation;
  private final FuzzOutcome outcome;
  private final @Nullable List<Object> entries;

  FuzzCheck(FuzzMutation mutation, FuzzOutcome outcome) {
    this.mutation = mutation;
    this.outcome = outcome;
    this.entries = entries(mutation.files().get(FuzzSet.INDEX));
  }

  /** The shards of an index; null if it cannot be parsed. */
  private static @Nullable List<Object> entries(byte[] index) {
    try {
      Map<String, Object> parsed = TestJson.object(new String(index, StandardCharsets.UTF_8));
      return parsed.get("shards") instanceof List<?> list ? List.copyOf(list) : null;
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      return null;
    }
  }

  void check() {
    outcome.failures().forEach(this::checkFailure);
    for (ShardOutcome shard : outcome.shards()) {
      switch (mutation.kind()) {
        case OBJECT, CONTENT -> checkChanged(shard, mutation.set().shards().get(shard.number()));
        case INDEX, HASHES -> checkReinterpreted(shard);
        case DIGESTS -> assertThat(shard.decoded()).as("samples with a wrong hash").isZero();
      }
    }
    if (mutation.kind() == Kind.OBJECT || mutation.kind() == Kind.CONTENT) {
      assertThat(outcome.shards().isEmpty() && outcome.failures().isEmpty()).isFalse();
    }
  }

  private void checkFailure(Throwable failure) {
    if (failure instanceof CorruptObjectException corrupt) {
      String path = corrupt.object().uri().replace(FuzzStore.ROOT + "/", "");
      byte[] object = mutation.files().get(path);
      assertThat(object).as("the object of %s", corrupt).isNotNull();
      long end =
          corrupt.getMessage().contains("in the inflated bytes")
              ? inflatedLength(path)
              : object.length;
      assertThat(corrupt.offset()).as("the offset of %s", corrupt).isBetween(0L, end);
    } else if (failure instanceof FileNotFoundException) {
      assertThat(failure).hasMessageContaining(FuzzStore.ROOT.uri());
    } else if (!(failure instanceof FuzzInput.TooLargeException)) {
      fail("undocumented failure", failure);
    }
  }

  /** What the index says that a stored file inflates to. */
  private long inflatedLength(String path) {
    assertThat(entries).isNotNull();
    for (Object entry : entries) {
      Map<String, Object> shard = FuzzSet.map(entry);
      for (String kind : List.of("data", "meta")) {
        if (shard.get("zip_" + kind) instanceof Map<?, ?> zip
            && path.equals(zip.get("basename"))
            && shard.get("raw_" + kind) instanceof Map<?, ?> raw) {
          return ((Number) raw.get("bytes")).longValue();
        }
      }
    }
    return fail("no shard is stored in " + path);
  }

  /** Of a shard whose index entry says what it said, but for lengths. */
  private void checkChanged(ShardOutcome shard, FuzzShard good) {
    Set<String> changed = mutation.changed();
    boolean touched =
        changed.contains(good.data()) || (good.meta() != null && changed.contains(good.meta()));
    if (!touched) {
      assertThat(shard.opened()).as("an untouched shard opens").isTrue();
      checkAll(shard, mutation.set().truth().get(shard.name()));
      return;
    }
    switch (mutation.set().hashes()) {
      case STORED -> assertThat(shard.decoded()).as("samples of a shard with a hash").isZero();
      case RAW -> {
        if (shard.decoded() > 0) {
          checkAll(shard, mutation.set().truth().get(shard.name()));
        }
      }
      case NONE -> checkPartly(shard, good);
    }
  }

  private void checkAll(ShardOutcome shard, List<Sample> truth) {
    assertThat(shard.samples()).as("samples of " + shard.name()).hasSameSizeAs(truth);
    for (int i = 0; i < truth.size(); i++) {
      Sample sample = shard.samples().get(i);
      assertThat(sample).as("sample %s of %s", i, shard.name()).isNotNull();
      for (int field = 0; field < sample.size(); field++) {
        checkValue(i, truth.get(i), sample, sample.schema().field(field).name());
      }
    }
  }

  private static void checkValue(int number, Sample truth, Sample sample, String column) {
    if (!Objects.equals(truth.get(column), sample.get(column))) {
      fail(
          "wrong value of column %s of sample %s: %s instead of %s",
          column, number, sample.get(column), truth.get(column));
    }
  }

  /** Of a shard without a hash: what has the bytes that it had has the value that it had. */
  private void checkPartly(ShardOutcome shard, FuzzShard good) {
    if (shard.decoded() == 0) {
      return;
    }
    byte[] data = content(good.data(), good);
    byte[] table = good.meta() == null ? data : content(good.meta(), good);
    assertThat(data).as("inflated data of what was opened").isNotNull();
    assertThat(table).as("inflated offsets of what was opened").isNotNull();
    FuzzReference reference = new FuzzReference(good, data, table);
    List<Sample> truth = mutation.set().truth().get(shard.name());
    assertThat(shard.samples()).hasSameSizeAs(truth);
    for (int i = 0; i < truth.size(); i++) {
      Sample sample = shard.samples().get(i);
      if (sample != null) {
        checkUntouched(i, truth.get(i), sample, reference);
      } else if (shard.opened()) {
        assertThat(reference.isSameSample(i)).as("sample %s fails, with good bytes", i).isFalse();
      }
    }
  }

  private static void checkUntouched(
      int number, Sample truth, Sample sample, FuzzReference reference) {
    assertThat(reference.isWhole(number))
        .as("sample %s is whole, since it was read", number)
        .isTrue();
    for (int column = 0; column < sample.size(); column++) {
      if (reference.isSameValue(number, column)) {
        checkValue(number, truth, sample, sample.schema().field(column).name());
      }
    }
  }

  private byte @Nullable [] content(String path, FuzzShard good) {
    byte[] stored = mutation.files().get(path);
    return good.compression() == null
        ? stored
        : FuzzShard.inflated(stored, (int) inflatedLength(path), good.compression());
  }

  /** Of a shard whose files are good: if the index says how to read it, it is read right. */
  private void checkReinterpreted(ShardOutcome shard) {
    List<Sample> truth = mutation.set().truth().get(shard.name());
    if (entries == null || truth == null || !shard.opened()) {
      return;
    }
    Map<String, Object> entry = FuzzSet.map(entries.get(shard.number()));
    List<Object> goodEntries = FuzzSet.list(mutation.set().index().get("shards"));
    for (int i = 0; i < goodEntries.size(); i++) {
      FuzzShard good = mutation.set().shards().get(i);
      if (good.data().equals(shard.name())
          && structure(entry).equals(structure(goodEntries.get(i)))
          && !isTakenForEmpty(entry, good)) {
        checkAll(shard, truth);
      }
    }
  }

  /** That a small shard has samples cannot be seen without opening it, which its index forbids. */
  private static boolean isTakenForEmpty(Map<String, Object> entry, FuzzShard good) {
    return BigInteger.ZERO.equals(entry.get("samples")) && good.table().length < SMALL;
  }

  private static Map<String, Object> structure(Object entry) {
    Map<String, Object> structure = new HashMap<>(FuzzSet.map(entry));
    structure.keySet().retainAll(STRUCTURE);
    return structure;
  }
}
