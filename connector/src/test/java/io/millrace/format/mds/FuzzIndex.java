// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Changes fields of an index. */
final class FuzzIndex {

  private static final String NUMBERS =
      "0 1 2 3 8 255 -1 2147483647 2147483648 4294967295 4294967296 9223372036854775807"
          + " 9223372036854775808";

  /** The first one is empty. */
  private static final String WORDS =
      " . .. ../x /etc/passwd a/b a//b file:/x a\\b index.json mds json csv tsv xsv zstd zstd:7"
          + " zstd:23 gz br bz2 snappy lz4 int int8 uint64 float16 float64 str bytes str_int"
          + " str_float str_decimal json pkl pil jpeg jpeg:500 jpeg_array list[png] list[pil]"
          + " ndarray ndarray: ndarray:uint8 ndarray:uint8: ndarray:float64:0"
          + " ndarray:int8:4294967296,4294967296 ndarray:int8:2147483647 float || -";

  private static final List<@Nullable Object> VALUES = values();

  private final SplittableRandom random;
  private final StringBuilder what;

  FuzzIndex(SplittableRandom random, StringBuilder what) {
    this.random = random;
    this.what = what;
  }

  /** A value in an index and where it stands. */
  private record Slot(Object holder, Object key, String path) {

    @Nullable Object get() {
      return holder instanceof Map<?, ?> map
          ? map.get(key)
          : FuzzSet.list(holder).get((Integer) key);
    }

    void set(@Nullable Object value) {
      if (holder instanceof Map) {
        FuzzSet.map(holder).put((String) key, value);
      } else {
        FuzzSet.list(holder).set((Integer) key, value);
      }
    }

    void remove() {
      if (holder instanceof Map) {
        FuzzSet.map(holder).remove(key);
      } else {
        FuzzSet.list(holder).remove((int) key);
      }
    }
  }

  /**
   * An index with one or two values changed.
   *
   * @param hashes whether those below a key {@code hashes}, else none of them
   */
  Map<String, Object> mutate(Map<String, Object> index, boolean hashes) {
    Map<String, Object> result = index;
    int times = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < times; i++) {
      List<Slot> slots = new ArrayList<>();
      collect(result, "", slots);
      slots.removeIf(slot -> slot.path().contains(".hashes") != hashes);
      if (!slots.isEmpty()) {
        change(slots.get(random.nextInt(slots.size())), slots);
        // what was put in may be shared or immutable
        result = TestJson.object(TestJson.write(result));
      }
    }
    return result;
  }

  private static void collect(@Nullable Object node, String path, List<Slot> slots) {
    List<Slot> here = new ArrayList<>();
    if (node instanceof Map<?, ?> map) {
      map.keySet().forEach(key -> here.add(new Slot(node, key, path + "." + key)));
    } else if (node instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        here.add(new Slot(node, i, path + "[" + i + "]"));
      }
    }
    slots.addAll(here);
    here.forEach(slot -> collect(slot.get(), slot.path(), slots));
  }

  private void change(Slot slot, List<Slot> slots) {
    Object before = slot.get();
    switch (random.nextInt(10)) {
      case 0 -> slot.remove();
      case 1 -> {
        Slot other = slots.get(random.nextInt(slots.size()));
        boolean around = slot.path().startsWith(other.path());
        slot.set(around ? null : other.get());
      }
      case 2 -> {
        if (slot.holder() instanceof Map) {
          FuzzSet.map(slot.holder()).put(slot.key() + "_", before);
        } else {
          FuzzSet.list(slot.holder()).add(before);
        }
      }
      case 3, 4, 5 -> slot.set(near(before));
      default -> slot.set(VALUES.get(random.nextInt(VALUES.size())));
    }
    what.append(what.isEmpty() ? "" : ", ").append("change ").append(slot.path());
  }

  /** A value like the one that was there. */
  private @Nullable Object near(@Nullable Object value) {
    if (value instanceof BigInteger number) {
      return number.add(BigInteger.valueOf(random.nextInt(-2, 3))).shiftLeft(random.nextInt(2));
    }
    if (value instanceof String text && !text.isEmpty()) {
      int at = random.nextInt(text.length());
      String letter = random.nextBoolean() ? "" : Character.toString(random.nextInt(' ', 0x250));
      return text.substring(0, at) + letter + text.substring(at + 1);
    }
    if (value instanceof List<?> list) {
      List<Object> result = new ArrayList<>(list);
      Collections.rotate(result, 1);
      return result;
    }
    return value instanceof Map ? Map.of() : 1;
  }

  private static List<@Nullable Object> values() {
    List<@Nullable Object> values = new ArrayList<>();
    for (String number : NUMBERS.split(" ", -1)) {
      values.add(new BigInteger(number));
    }
    values.add(BigInteger.TEN.pow(900));
    Collections.addAll(values, WORDS.split(" ", -1));
    Collections.addAll(values, "\ud800", "\0", "\n", "x".repeat(70_000));
    Collections.addAll(values, "ndarray:int8:" + "1,".repeat(80) + "1", deep(20));
    Collections.addAll(values, 1.5, 1e300, true, false, null, List.of(), Map.of());
    values.add(Map.of("basename", "x", "bytes", 1, "hashes", Map.of()));
    return values;
  }

  private static Object deep(int depth) {
    return depth == 0 ? List.of() : List.of(deep(depth - 1));
  }

  /** Makes every digest another one. */
  void spoilDigests(FuzzSet set, Map<String, Object> index) {
    for (Object shard : FuzzSet.list(index.get("shards"))) {
      Map<String, Object> entry = FuzzSet.map(shard);
      for (String key : List.of("raw_data", "raw_meta", "zip_data", "zip_meta")) {
        if (entry.get(key) != null) {
          FuzzSet.map(FuzzSet.map(entry.get(key)).get("hashes"))
              .replaceAll((algorithm, digest) -> spoiled((String) digest));
        }
      }
    }
    what.append("other digits in all digests of ").append(set.name());
  }

  private String spoiled(String digest) {
    int at = random.nextInt(digest.length());
    int digit = Character.digit(digest.charAt(at), 16) ^ (1 + random.nextInt(15));
    return digest.substring(0, at) + Character.forDigit(digit, 16) + digest.substring(at + 1);
  }
}
