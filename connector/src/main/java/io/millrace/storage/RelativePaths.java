// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import org.jspecify.annotations.Nullable;

/** Decides whether a path that data names stays below the directory that it is resolved against. */
final class RelativePaths {

  private RelativePaths() {}

  /** Why the path must not be used, or null when it is safe. */
  static @Nullable String problemOf(String path) {
    if (path.isEmpty()) {
      return "it is empty";
    }
    if (path.startsWith("/")) {
      return "it is absolute";
    }
    if (path.contains("://")) {
      return "it has a scheme";
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return "it has a part \"" + part + "\", which may leave the directory";
      }
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' || c < ' ') {
        return "it has a character that no store names objects with";
      }
    }
    return null;
  }
}
