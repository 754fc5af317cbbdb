// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.meter;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what an origin is asked for. A request counts when it arrives, its bytes as they are sent.
 * Thread-safe; nothing blocks. Owns nothing that must be closed.
 */
public final class OriginMeter {

  private final Map<OriginKey, Cell> cells = new ConcurrentHashMap<>();

  /** Counts a request. */
  public void request(OriginKey key) {
    cell(key).requests.increment();
  }

  /** Counts bytes that the origin sent. */
  public void read(OriginKey key, long bytes) {
    cell(key).bytesRead.add(bytes);
  }

  /** Counts bytes that the origin received. */
  public void written(OriginKey key, long bytes) {
    cell(key).bytesWritten.add(bytes);
  }

  private Cell cell(OriginKey key) {
    return cells.computeIfAbsent(key, any -> new Cell());
  }

  /** The counts so far. Requests that are under way may be there with a part of their bytes. */
  public OriginSnapshot snapshot() {
    Map<OriginKey, OriginCounts> counts = new HashMap<>();
    cells.forEach((key, cell) -> counts.put(key, cell.counts()));
    return new OriginSnapshot(counts);
  }

  /** What came since a snapshot of this meter. */
  public OriginSnapshot since(OriginSnapshot earlier) {
    return snapshot().minus(earlier);
  }

  /** Begins at zero again. Bytes of requests that are under way then count without them. */
  public void reset() {
    cells.clear();
  }

  private static final class Cell {
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    private OriginCounts counts() {
      return new OriginCounts(requests.sum(), bytesRead.sum(), bytesWritten.sum());
    }
  }
}
