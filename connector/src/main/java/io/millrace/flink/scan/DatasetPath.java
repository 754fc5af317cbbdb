// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.storage.ObjectLocation;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.fs.FileSystem;

/** Makes the paths that users write into full URIs, as Flink's own connectors take them. */
@Internal
public final class DatasetPath {

  private static final Pattern HAS_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  /** A semicolon that no backslash stands before. */
  private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\);");

  private DatasetPath() {}

  /**
   * The roots that the option {@code path} names: one, and after semicolons others that hold the
   * same. {@code \\;} is a semicolon of a name.
   *
   * @throws IllegalArgumentException if one is empty, or named twice, or if a semicolon may be one
   *     of a secret
   */
  static List<String> roots(String path) {
    SplitSecrets.check(List.of(SEPARATOR.split(path, -1)));
    List<String> roots = new ArrayList<>();
    for (String root : SEPARATOR.split(path, -1)) {
      String unescaped = root.replace("\\;", ";").trim();
      if (unescaped.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot use path = " + shown(path) + ": there is nothing before or after a semicolon");
      }
      String qualified = qualified(unescaped);
      if (roots.contains(qualified)) {
        throw new IllegalArgumentException(
            "Cannot use path = " + shown(path) + ": a root is named twice");
      }
      roots.add(qualified);
    }
    return roots;
  }

  /** The option without what may be credentials. */
  private static String shown(String path) {
    return Arrays.stream(SEPARATOR.split(path, -1))
        .map(root -> root.isBlank() ? "" : ObjectLocation.of(root.trim()).toString())
        .collect(Collectors.joining(";"));
  }

  /**
   * A path with a scheme as it is; another one in Flink's default file system, where a relative
   * local one counts from the working directory.
   *
   * @throws IllegalArgumentException if it is relative and the default file system is not local
   */
  public static String qualified(String path) {
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
