// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ByteBudget;
import io.millrace.format.ShardOpener.FirstRead;
import io.millrace.prefetch.OriginRequests;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a unit's opening reads first, fetched and pinned until it does. What has a hash is checked
 * with the rest of the unit, when that is there. Of the units of a shard one brings it, and the
 * others find it. Thread-safe.
 */
final class PreparedUnit {

  private final UnitAccess access;

  /** All of these are guarded by this. */
  private @Nullable Held held;

  private boolean underWay;
  private boolean over;

  /** Pinned bytes, and what was reserved for them. */
  private record Held(CachedShardInput input, ByteBudget.Reservation memory)
      implements AutoCloseable {
    @Override
    public void close() {
      input.close();
      memory.close();
    }
  }

  PreparedUnit(UnitAccess access) {
    this.access = access;
  }

  /**
   * Fetches it, unless somebody has or does, there is no memory for it, or it is not needed now.
   */
  void fetch(FirstRead first, OriginRequests requests) throws IOException {
    if (access.isResident(first.object(), first.range())) {
      return;
    }
    Optional<ByteBudget.Reservation> memory =
        access.cache().workingMemory().tryReserve(first.range().length());
    if (memory.isEmpty()) {
      return;
    }
    Held fetched = new Held(new CachedShardInput(access, memory.get(), requests), memory.get());
    boolean done = false;
    try {
      done = begin();
      if (done) {
        fetched.input().read(first.object(), first.range());
        if (!access.verifies(first.object())) {
          // Others who find it in the cache meanwhile take it for checked.
          fetched.input().checkFetched();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      done = false;
      throw e;
    } finally {
      end(done ? fetched : null);
      if (!done) {
        fetched.close();
      }
    }
  }

  private synchronized boolean begin() {
    underWay = !over;
    return underWay;
  }

  private void end(@Nullable Held fetched) {
    synchronized (this) {
      underWay = false;
      notifyAll();
      if (!over) {
        held = fetched;
        return;
      }
    }
    if (fetched != null) {
      fetched.close();
    }
  }

  /**
   * Passes it on to the opening, which has memory reserved for it. Waits for a fetch that is under
   * way.
   */
  void passTo(CachedShardInput input) throws IOException, InterruptedException {
    Held passed;
    synchronized (this) {
      while (underWay) {
        wait();
      }
      over = true;
      passed = held;
      held = null;
    }
    if (passed != null) {
      try (passed) {
        input.takeOver(passed.input());
      }
    }
  }

  /** Gives it back, now or when its fetch ends. */
  void close() {
    Held unused;
    synchronized (this) {
      over = true;
      unused = held;
      held = null;
    }
    if (unused != null) {
      unused.close();
    }
  }
}
