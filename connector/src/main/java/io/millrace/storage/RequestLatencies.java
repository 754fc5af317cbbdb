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

  /** Of a terabyte: nothing larger is read at once. */
  private static final int MOST_DIGITS = 40;

  private final ConcurrentHashMap<Group, RequestLatency> groups = new ConcurrentHashMap<>();
  private final RequestLatency others = new RequestLatency();

  private record Group(RequestKind kind, String place, int digits) {}

  RequestLatency of(StorageRequest request) {
    Group group = groupOf(request);
    RequestLatency known = groups.get(group);
    if (known != null) {
      return known;
    }
    return groups.size() >= MOST
        ? others
        : groups.computeIfAbsent(group, g -> new RequestLatency());
  }

  /**
   * What most requests such as this one take. While too few of its size were seen, such as the one
   * request of each shard for where its samples lie, it is what the next larger size takes that is
   * known: a smaller one takes no longer.
   */
  RequestLatency.Percentiles usual(StorageRequest request) {
    RequestLatency.Percentiles own = of(request).percentiles();
    if (own.known()) {
      return own;
    }
    Group group = groupOf(request);
    for (int digits = group.digits() + 1; digits <= MOST_DIGITS; digits++) {
      RequestLatency larger = groups.get(new Group(group.kind(), group.place(), digits));
      if (larger != null && larger.percentiles().known()) {
        return larger.percentiles();
      }
    }
    return own;
  }

  private static Group groupOf(StorageRequest request) {
    return new Group(
        request.kind(),
        placeOf(request.location().uri()),
        Long.SIZE - Long.numberOfLeadingZeros(request.length()));
  }

  /** Scheme and authority. */
  private static String placeOf(String uri) {
    int scheme = uri.indexOf(':');
    int end = uri.startsWith("//", scheme + 1) ? uri.indexOf('/', scheme + 3) : scheme + 1;
    return end < 0 ? uri : uri.substring(0, end);
  }
}
