// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.storage.ObjectLocation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds secrets that a semicolon in them would split: the halves look like roots, and would be
 * shown in messages.
 */
final class SplitSecrets {

  private static final Pattern AUTHORITY =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://(?<authority>[^/]*)(?<rest>.*)", Pattern.DOTALL);

  /** Hosts with a port or none; one may be an IPv6 address in brackets. */
  private static final Pattern HOSTS =
      Pattern.compile("(\\[[^]]*]|[^:,]*)(:[0-9]+)?(,[^:,]*(:[0-9]+)?)*");

  /** What begins as a path with a scheme, or as an absolute one. */
  private static final Pattern BEGINS_A_ROOT = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:)?/.*");

  private SplitSecrets() {}

  /**
   * Checks what stands between the semicolons of a path.
   *
   * @throws IllegalArgumentException if a semicolon may be one of a secret; quotes nothing
   */
  static void check(List<String> parts) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      String before = parts.get(i).trim();
      if (endsInUserInfo(before, parts.subList(i + 1, parts.size())) || endsInQuery(before)) {
        throw new IllegalArgumentException(
            "Cannot use path: what stands before semicolon "
                + (i + 1)
                + " seems to end within credentials, in a user information or a query;"
                + " write \\; for a semicolon that does not separate roots");
      }
    }
  }

  private static boolean endsInUserInfo(String before, List<String> after) {
    Matcher matcher = AUTHORITY.matcher(before);
    if (!matcher.matches()) {
      return false;
    }
    String authority = matcher.group("authority");
    // A secret may hold slashes that nobody encoded, so that its end is in the rest.
    boolean open =
        !authority.contains("@")
            && !HOSTS.matcher(authority).matches()
            && !matcher.group("rest").contains("@");
    return open || after.stream().anyMatch(SplitSecrets::endsUserInfo);
  }

  private static boolean endsUserInfo(String part) {
    return part.contains("@") && !BEGINS_A_ROOT.matcher(part.trim()).matches();
  }

  /** A query has no end, and what is one is what messages do not show. */
  private static boolean endsInQuery(String before) {
    return before.contains("?") && !ObjectLocation.of(before).toString().contains("?");
  }
}
