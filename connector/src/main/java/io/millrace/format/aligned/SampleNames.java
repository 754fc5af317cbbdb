// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What samples are called in messages, and what their names tell where one is missing. */
final class SampleNames {

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** A hint in a message is not worth more: each name that is looked at cuts a group. */
  private static final long MOST_COMPARED = 20_000;

  private SampleNames() {}

  /** A sample's file if it is one, else its place in its shard. */
  static String nameOf(IndexedPart part, long sample) {
    Slice slice = new PartWalk(part, sample).take(1).get(0);
    Shard shard = slice.shard();
    return fileOf(slice)
        .orElseGet(() -> "sample " + (shard.cut().first() + slice.first()) + " of " + shard.name());
  }

  private static Optional<String> fileOf(Slice slice) {
    Shard shard = slice.shard();
    return shard.samples() == 1 && shard.objects().size() == 1
        ? Optional.of(shard.objects().get(0).path())
        : Optional.empty();
  }

  /**
   * Where the numbers in the names of two parts' files begin to differ, if they do so after they
   * were the same: there a file is missing.
   */
  static Optional<String> firstGap(IndexedPart left, IndexedPart right, long samples) {
    if (samples == 0) {
      return Optional.empty();
    }
    PartWalk leftWalk = new PartWalk(left, 0);
    PartWalk rightWalk = new PartWalk(right, 0);
    for (long i = 0; i < Math.min(samples, MOST_COMPARED); i++) {
      String leftFile = fileOf(leftWalk.take(1).get(0)).orElse("");
      String rightFile = fileOf(rightWalk.take(1).get(0)).orElse("");
      List<String> leftNumbers = numbers(leftFile);
      if (leftNumbers.isEmpty()) {
        return Optional.empty();
      }
      if (!leftNumbers.equals(numbers(rightFile))) {
        return i == 0
            ? Optional.empty()
            : Optional.of(
                String.format(
                    Locale.ROOT,
                    "by their names, one is missing at sample %d: %s and %s",
                    i,
                    leftFile,
                    rightFile));
      }
    }
    return Optional.empty();
  }

  private static List<String> numbers(String file) {
    return NUMBER.matcher(file).results().map(MatchResult::group).toList();
  }
}
