// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;

/**
 * A set of shards by their names: those that are named, or all others; closed under union,
 * intersection and complement. It says nothing of which shards there are.
 *
 * @param except whether it is all but the named ones
 * @param names the names
 */
@Internal
public record ShardNames(boolean except, Set<String> names) implements Serializable {

  /** Every shard. */
  public static final ShardNames ALL = new ShardNames(true, Set.of());

  public ShardNames {
    names = Set.copyOf(names);
  }

  public static ShardNames only(String name) {
    return new ShardNames(false, Set.of(name));
  }

  public boolean has(String name) {
    return names.contains(name) != except;
  }

  /** In words; the same for equal sets. */
  String text() {
    if (names.isEmpty()) {
      return except ? "all" : "none";
    }
    return (except ? "all but " : "")
        + names.stream()
            .sorted()
            .map(name -> "'" + name.replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
  }

  public ShardNames not() {
    return new ShardNames(!except, names);
  }

  public ShardNames or(ShardNames other) {
    return not().and(other.not()).not();
  }

  public ShardNames and(ShardNames other) {
    Set<String> both = new HashSet<>(names);
    if (except && other.except) {
      both.addAll(other.names);
      return new ShardNames(true, both);
    }
    if (except) {
      return other.and(this);
    }
    both.removeIf(name -> !other.has(name));
    return new ShardNames(false, both);
  }
}
