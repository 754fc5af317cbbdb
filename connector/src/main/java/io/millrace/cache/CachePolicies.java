// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.List;

/** The policies there are, by the names that users write in {@code cache.policy}. */
public final class CachePolicies {

  private static final List<String> NAMES =
      List.of(PlanPolicy.NAME, LruPolicy.NAME, NonePolicy.NAME);

  private CachePolicies() {}

  /** All names, the default first. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * A new policy, for one cache.
   *
   * @throws IllegalArgumentException if there is none of this name; the message lists the names
   */
  public static CachePolicy named(String name) {
    return switch (checkName(name)) {
      case PlanPolicy.NAME -> new PlanPolicy();
      case LruPolicy.NAME -> new LruPolicy();
      default -> new NonePolicy();
    };
  }

  /** The name itself, if there is such a policy. */
  static String checkName(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "Cannot use cache policy \""
              + name
              + "\": set cache.policy to one of "
              + String.join(", ", NAMES));
    }
    return name;
  }
}
