// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the text of a location apart: {@code scheme:[//authority]/path}. */
final class LocationParts {

  /** RFC 3986, section 3.1; at least two characters, so that a Windows drive is none. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:");

  /** Where {@code container@account} names a place, not a user. */
  private static final Set<String> CONTAINER_SCHEMES = Set.of("abfs", "abfss", "wasb", "wasbs");

  /** Where a question mark can only be part of a name. */
  private static final Set<String> SCHEMES_WITHOUT_QUERY = Set.of("", "file", "hdfs", "viewfs");

  private LocationParts() {}

  /** How many characters are the root: all before the first name, its last slash included. */
  static int rootLength(String uri) {
    int begin = schemeLength(uri);
    if (!uri.startsWith("//", begin)) {
      return uri.startsWith("/", begin) ? begin + 1 : begin;
    }
    if (uri.startsWith("///", begin)) {
      return begin + 3;
    }
    int slash = uri.indexOf('/', begin + 2);
    return slash < 0 ? uri.length() : slash;
  }

  /** The text without what may be a secret: user information and the query. */
  static String withoutCredentials(String uri) {
    int schemeLength = schemeLength(uri);
    String scheme =
        schemeLength == 0 ? "" : uri.substring(0, schemeLength - 1).toLowerCase(Locale.ROOT);
    String shown = uri;
    if (!SCHEMES_WITHOUT_QUERY.contains(scheme) && uri.indexOf('?') >= 0) {
      shown = uri.substring(0, uri.indexOf('?'));
    }
    if (!shown.startsWith("//", schemeLength)) {
      return shown;
    }
    int begin = schemeLength + 2;
    int end = userInfoEnd(shown, begin);
    boolean container =
        CONTAINER_SCHEMES.contains(scheme) && shown.substring(begin, end).indexOf(':') < 0;
    return container ? shown : shown.substring(0, begin) + shown.substring(end);
  }

  /** Where the host begins. A secret key may hold slashes that nobody encoded. */
  private static int userInfoEnd(String uri, int begin) {
    int slash = uri.indexOf('/', begin);
    String authority = uri.substring(begin, slash < 0 ? uri.length() : slash);
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      return begin + at + 1;
    }
    int colon = authority.indexOf(':');
    boolean secretGoesOn =
        colon >= 0 && !authority.substring(colon + 1).chars().allMatch(Character::isDigit);
    return secretGoesOn ? Math.max(begin, uri.lastIndexOf('@') + 1) : begin;
  }

  private static int schemeLength(String uri) {
    Matcher matcher = SCHEME.matcher(uri);
    return matcher.lookingAt() ? matcher.end() : 0;
  }
}
