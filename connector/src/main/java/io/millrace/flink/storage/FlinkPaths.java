// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.PermanentStorageException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Locations as Flink's paths. Not by {@link Path#Path(String)}, which changes names: it takes
 * backslashes for slashes and drops doubled slashes and dots.
 */
final class FlinkPaths {

  private FlinkPaths() {}

  /**
   * @throws PermanentStorageException if the location cannot be a path, such as for want of a
   *     scheme
   */
  static Path of(ObjectLocation location) throws PermanentStorageException {
    String uri = location.uri();
    int colon = uri.indexOf(':');
    if (colon <= 0 || (uri.indexOf('/') >= 0 && uri.indexOf('/') < colon)) {
      throw new PermanentStorageException(
          "Cannot use " + location + ": it has no scheme such as file: or s3:");
    }
    String authority = null;
    int begin = colon + 1;
    if (uri.startsWith("//", begin)) {
      int slash = uri.indexOf('/', begin + 2);
      int end = slash < 0 ? uri.length() : slash;
      authority = uri.substring(begin + 2, end);
      begin = end;
    }
    String path = uri.substring(begin);
    return new Path(
        uriOf(location, uri.substring(0, colon), authority, path.isEmpty() ? "/" : path));
  }

  private static URI uriOf(
      ObjectLocation location, String scheme, @Nullable String authority, String path)
      throws PermanentStorageException {
    if (!path.startsWith("/")) {
      throw new PermanentStorageException("Cannot use " + location + ": its path is relative");
    }
    try {
      return new URI(scheme, authority, path, null, null);
    } catch (URISyntaxException e) {
      // Without the cause, whose message repeats the whole text.
      throw new PermanentStorageException(
          "Cannot use " + location + " as a location: " + e.getReason());
    }
  }
}
