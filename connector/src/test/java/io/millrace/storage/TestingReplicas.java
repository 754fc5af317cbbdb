// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import io.millrace.storage.TestingObjectStore.Operation;
import io.millrace.storage.TestingObjectStore.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Directories that hold the same dataset, each of which a test can make fail. */
final class TestingReplicas {

  final TestingClock clock = new TestingClock();
  final OriginCounters counters = new OriginCounters();
  final TestingObjectStore base;
  private final Path directory;
  private final List<String> names;
  private final Map<String, TestingObjectStore.Fault> faults = new ConcurrentHashMap<>();

  /** Replicas of which nothing is there yet, not even their roots. */
  TestingReplicas(Path directory, int count) {
    this.directory = directory;
    this.base = new TestingObjectStore(directory);
    this.names = IntStream.range(0, count).mapToObj(i -> "replica-" + i).toList();
    base.setFault(
        request -> {
          TestingObjectStore.Fault fault = faults.get(nameOf(request));
          if (fault != null) {
            fault.before(request);
          }
        });
  }

  private String nameOf(Request request) {
    String below = request.location().uri().substring(base.root().uri().length() + 1);
    return below.split("/", 2)[0];
  }

  /** One attempt of each request, no retries. */
  ObjectStore store() {
    return new ReplicatedObjectStore(base, new Replicas(roots(), clock, counters), () -> false);
  }

  List<ObjectLocation> roots() {
    return names.stream().map(base::location).toList();
  }

  ObjectLocation root(int replica) {
    return base.location(names.get(replica));
  }

  Path path(int replica) {
    return directory.resolve(names.get(replica));
  }

  /** Writes an object to some replicas, to all if none is named. */
  ObjectLocation write(String object, byte[] content, int... replicas) throws IOException {
    int[] chosen = replicas.length > 0 ? replicas : IntStream.range(0, names.size()).toArray();
    for (int replica : chosen) {
      Path file = path(replica).resolve(object);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    }
    return root(0).resolve(object);
  }

  /** Runs this before each request that comes to a replica. */
  void onRequest(int replica, TestingObjectStore.Fault fault) {
    faults.put(names.get(replica), fault);
  }

  /** Makes a replica fail until it is mended. */
  void breakDown(int replica) {
    onRequest(
        replica,
        request -> {
          throw new IOException("broken " + replica);
        });
  }

  void mend(int replica) {
    faults.remove(names.get(replica));
  }

  /** What was asked of a replica. */
  List<Operation> requests(int replica) {
    return base.requests().stream()
        .filter(request -> nameOf(request).equals(names.get(replica)))
        .map(Request::operation)
        .toList();
  }

  long fallbacks() {
    return counters.snapshot().fallbacks();
  }
}
