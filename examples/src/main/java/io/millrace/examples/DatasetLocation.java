// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataset lies.
 *
 * @param uri as the connector takes it
 * @param localPath the directory, absolute; null if it is not on the local file system
 */
record DatasetLocation(String uri, @Nullable Path localPath) {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  /**
   * Takes a path, relative to the working directory or absolute, or a URI.
   *
   * @throws IllegalArgumentException if it is local and no directory
   */
  static DatasetLocation of(String pathOrUri) {
    if (SCHEME.matcher(pathOrUri).matches() && !pathOrUri.startsWith("file:")) {
      return new DatasetLocation(pathOrUri, null);
    }
    Path path = localPath(pathOrUri);
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "Cannot read the dataset at "
              + path
              + ": "
              + (Files.exists(path) ? "it is not a directory" : "there is no such directory"));
    }
    return new DatasetLocation("file://" + escaped(path), path);
  }

  /**
   * A path as it stands in the option {@code path}, where what follows a semicolon would be another
   * place of the dataset.
   */
  private static String escaped(Path path) {
    return path.toString().replace(";", "\\;");
  }

  private static Path localPath(String pathOrUri) {
    String path = pathOrUri.startsWith("file:") ? pathOf(pathOrUri) : pathOrUri;
    try {
      return Path.of(path).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "Cannot read the dataset at " + pathOrUri + ": " + e.getReason(), e);
    }
  }

  /** Names in the connector's URIs are not escaped, so this is no URI that Java's class takes. */
  private static String pathOf(String fileUri) {
    String path = fileUri.substring("file:".length());
    if (!path.startsWith("//")) {
      return path;
    }
    int slash = path.indexOf('/', 2);
    return slash < 0 ? "/" : path.substring(slash);
  }

  Optional<Path> local() {
    return Optional.ofNullable(localPath);
  }

  @Override
  public String toString() {
    return localPath == null ? uri : localPath.toString();
  }
}
