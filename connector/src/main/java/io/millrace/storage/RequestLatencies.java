// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How long requests take: of each kind, place and size apart, where sizes are alike if they have as
 * many binary digits. Thread-safe.
 */
final class RequestLatencies {

  /** More places than any job reads from; others are seen together. */
  private static final int MOST = 1024;

  private final ConcurrentHashMap<Group, RequestLatency> groups = new ConcurrentHashMap<>();
  private final RequestLatency others = new RequestLatency();

  private record Group(RequestKind kind, String place, int digits) {}

  RequestLatency of(StorageRequest request) {
    Group group =
        new Group(
            request.kind(),
            placeOf(request.location().uri()),
            Long.SIZE - Long.numberOfLeadingZeros(request.length()));
    RequestLatency known = groups.get(group);
    if (known != null) {
      return known;
    }
    return groups.size() >= MOST
        ? others
        : groups.computeIfAbsent(group, g -> new RequestLatency());
  }

  /** Scheme and authority. */
  private static String placeOf(String uri) {
    int scheme = uri.indexOf(':');
    int end = uri.startsWith("//", scheme + 1) ? uri.indexOf('/', scheme + 3) : scheme + 1;
    return end < 0 ? uri : uri.substring(0, end);
  }
}
