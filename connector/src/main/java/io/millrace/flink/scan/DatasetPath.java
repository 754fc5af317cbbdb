// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.storage.ObjectLocation;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileSystem;

/** Makes the paths that users write into full URIs, as Flink's own connectors take them. */
final class DatasetPath {

  private static final Pattern HAS_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  private DatasetPath() {}

  /**
   * A path with a scheme as it is; another one in Flink's default file system, where a relative
   * local one counts from the working directory.
   *
   * @throws IllegalArgumentException if it is relative and the default file system is not local
   */
  static String qualified(String path) {
    if (HAS_SCHEME.matcher(path).matches()) {
      return path;
    }
    URI base = FileSystem.getDefaultFsUri();
    if ("file".equals(base.getScheme())) {
      return "file:" + absolute(path);
    }
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "Cannot use path = "
              + path
              + ": it is relative, and Flink's default file system is "
              + ObjectLocation.of(base.toString()));
    }
    String authority = base.getAuthority() == null ? "" : base.getAuthority();
    return base.getScheme() + "://" + authority + path;
  }

  private static Path absolute(String path) {
    try {
      return Path.of(path).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("Cannot use path = " + path + ": " + e.getReason(), e);
    }
  }
}
