// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Serializable;

/**
 * Where an object or a directory lies, as an absolute URI such as {@code hdfs://nn/data/train} or
 * {@code file:/data/train}. It has no trailing slash, except for a root such as {@code file:/}.
 *
 * <p>Names stand as the store has them and are never percent-decoded or encoded: {@code %20} is
 * three characters of a name, and {@code #}, spaces and, but for {@code http:} and {@code https:},
 * {@code ?} mean nothing special.
 *
 * @param uri the location as the store's client takes it; may hold credentials, so that messages
 *     use {@link #toString}
 */
public record ObjectLocation(String uri) implements Serializable {

  public ObjectLocation {
    if (uri.isBlank()) {
      throw new IllegalArgumentException("Cannot use an empty location");
    }
    int root = LocationParts.rootLength(uri);
    int end = uri.length();
    while (end > root && uri.charAt(end - 1) == '/') {
      end--;
    }
    uri = uri.substring(0, end);
  }

  public static ObjectLocation of(String uri) {
    return new ObjectLocation(uri);
  }

  /**
   * The location of a path below this one. The path often comes out of a dataset's own index, so it
   * is not trusted.
   *
   * @param path names separated by {@code /}
   * @throws IllegalArgumentException if the path is absolute, is empty or has an empty, {@code .}
   *     or {@code ..} part, a backslash, a NUL or a scheme: it could leave this location
   */
  public ObjectLocation resolve(String path) {
    String reason = RelativePaths.problemOf(path);
    if (reason != null) {
      throw new IllegalArgumentException(
          "Cannot use path \"" + path + "\" below " + this + ": " + reason);
    }
    return new ObjectLocation(uri.endsWith("/") ? uri + path : uri + "/" + path);
  }

  /** The part after the last slash. */
  public String name() {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  /** The location for messages: without user information and, where there can be one, query. */
  @Override
  public String toString() {
    return LocationParts.withoutCredentials(uri);
  }
}
