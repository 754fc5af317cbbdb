// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A directory of a partitioned dataset, named as Hive names them: {@code key=value}, one below the
 * other. What a name cannot hold stands in it as {@code %} and two hexadecimal digits.
 *
 * @param directory its path below the dataset's root, as the store has it; empty for the root
 * @param keys from the root downwards
 * @param values of the keys; {@link #NO_VALUE} for none
 */
public record PartitionPath(String directory, List<String> keys, List<String> values) {

  /** The value that stands for none. */
  public static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

  static final PartitionPath ROOT = new PartitionPath("", List.of(), List.of());

  public PartitionPath {
    keys = List.copyOf(keys);
    values = List.copyOf(values);
  }

  /** Hive and Flink write neither as they are into names. */
  private static final Pattern NEVER_IN_NAMES = Pattern.compile("[\\\\\\x00-\\x1f]");

  /** Whether a directory's name has the form of a partition's. */
  public static boolean isPartition(String name) {
    return name.indexOf('=') > 0 && !NEVER_IN_NAMES.matcher(name).find();
  }

  /** The partition whose directory a path below a root begins with, so many levels of it. */
  public static PartitionPath leading(String path, int levels) {
    PartitionPath partition = ROOT;
    int begin = 0;
    for (int i = 0; i < levels; i++) {
      int slash = path.indexOf('/', begin);
      if (slash < 0 || !isPartition(path.substring(begin, slash))) {
        throw new IllegalArgumentException(
            "Cannot tell the partition of " + path + ": it is not in " + levels + " of them");
      }
      partition = partition.child(path.substring(begin, slash));
      begin = slash + 1;
    }
    return partition;
  }

  String lastKey() {
    return keys.get(keys.size() - 1);
  }

  /** The partition in a directory of this one. */
  PartitionPath child(String name) {
    int equals = name.indexOf('=');
    List<String> longerKeys = new ArrayList<>(keys);
    List<String> longerValues = new ArrayList<>(values);
    longerKeys.add(unescaped(name.substring(0, equals)));
    longerValues.add(unescaped(name.substring(equals + 1)));
    return new PartitionPath(
        directory.isEmpty() ? name : directory + "/" + name, longerKeys, longerValues);
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length()) {
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          plain.append((char) (high * 16 + low));
          i += 2;
          continue;
        }
      }
      plain.append(c);
    }
    return plain.toString();
  }
}
