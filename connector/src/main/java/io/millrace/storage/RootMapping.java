// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/**
 * Moves a location from below one root to the same place below another.
 *
 * @param from where locations come from
 * @param to where they go
 */
record RootMapping(ObjectLocation from, ObjectLocation to) {

  /**
   * The same place below the other root.
   *
   * @throws IllegalArgumentException if the location is not below the root that it comes from
   */
  ObjectLocation map(ObjectLocation location) {
    if (location.equals(from)) {
      return to;
    }
    String prefix = directory(from);
    if (!location.uri().startsWith(prefix)) {
      throw new IllegalArgumentException(
          "Cannot find " + location + " below " + to + ": it is not below " + from);
    }
    // Not by resolve, which checks what an index says: this is the name of something that exists.
    return ObjectLocation.of(directory(to) + location.uri().substring(prefix.length()));
  }

  private static String directory(ObjectLocation root) {
    return root.uri().endsWith("/") ? root.uri() : root.uri() + "/";
  }
}
