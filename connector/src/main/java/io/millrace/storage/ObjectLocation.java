// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Serializable;

/**
 * Where an object or a directory lies, as an absolute URI such as {@code hdfs://nn/data/train} or
 * {@code file:/data/train}. It has no trailing slash, except for a root such as {@code file:/}.
 *
 * @param uri the URI as the store's client takes it; not percent-decoded
 */
public record ObjectLocation(String uri) implements Serializable {

  public ObjectLocation {
    if (uri.isBlank()) {
      throw new IllegalArgumentException("Cannot use an empty location");
    }
    while (uri.length() > 1 && uri.endsWith("/") && !uri.endsWith(":/") && !uri.endsWith("://")) {
      uri = uri.substring(0, uri.length() - 1);
    }
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
          "Cannot use path \"" + path + "\" below " + uri + ": " + reason);
    }
    return new ObjectLocation(uri.endsWith("/") ? uri + path : uri + "/" + path);
  }

  /** The part after the last slash. */
  public String name() {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return uri;
  }
}
