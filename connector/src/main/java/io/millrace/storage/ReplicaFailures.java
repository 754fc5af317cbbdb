// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one attempt of a request failed with at each replica. */
final class ReplicaFailures {

  private final StorageRequest request;
  private final List<Replica> replicas;
  private final SortedMap<Integer, IOException> failures = new TreeMap<>();

  ReplicaFailures(StorageRequest request, List<Replica> replicas) {
    this.request = request;
    this.replicas = replicas;
  }

  void add(Replica replica, IOException failure) {
    failures.put(replica.index(), failure);
  }

  /**
   * One failure for all of them: of the kind of the first that may pass, so that the request is
   * sent again; else that the object changed if one says so, so that what was read of it is not
   * kept; else of the primary's.
   */
  IOException combined() {
    IOException decisive =
        first(failure -> !Retries.isPermanent(failure))
            .or(() -> first(ObjectChangedException.class::isInstance))
            .orElseGet(() -> failures.get(failures.firstKey()));
    IOException combined = ofKind(decisive);
    if (combined.getCause() == null) {
      combined.initCause(decisive);
    }
    failures.values().stream()
        .filter(failure -> failure != decisive)
        .forEach(combined::addSuppressed);
    return combined;
  }

  private Optional<IOException> first(Predicate<IOException> kind) {
    return failures.values().stream().filter(kind).findFirst();
  }

  private IOException ofKind(IOException decisive) {
    ObjectLocation location = request.location();
    String problem = "all " + failures.size() + " replicas failed: " + details();
    String message = "Cannot " + request + ": " + problem;
    if (decisive instanceof ThrottledException throttled) {
      return new ThrottledException(location, problem, throttled.retryAfter());
    }
    if (!Retries.isPermanent(decisive)) {
      return new IOException(message, decisive);
    }
    if (decisive instanceof FileNotFoundException || decisive instanceof NoSuchFileException) {
      return new FileNotFoundException(message);
    }
    if (decisive instanceof AccessDeniedException) {
      return new AccessDeniedException(location.toString(), null, message);
    }
    if (decisive instanceof ObjectChangedException changed) {
      return new ObjectChangedException(location, problem, changed);
    }
    if (decisive instanceof CorruptObjectException corrupt) {
      return new CorruptObjectException(location, corrupt.offset(), problem, corrupt);
    }
    return new PermanentStorageException(message, decisive);
  }

  private String details() {
    return failures.entrySet().stream()
        .map(
            entry ->
                replicas.get(entry.getKey()).root() + ": " + Retries.messageOf(entry.getValue()))
        .collect(Collectors.joining("; "));
  }
}
