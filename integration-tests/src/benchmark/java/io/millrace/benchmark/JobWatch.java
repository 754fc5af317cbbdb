// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Looks at a job from its end: an action is run with every so many records, all subtasks together,
 * on the thread that brought the record, while that subtask stands still. Only for jobs that run in
 * this process; {@link WatchedRecords} finds it by its name.
 */
final class JobWatch implements AutoCloseable {

  private static final Map<String, JobWatch> OPEN = new ConcurrentHashMap<>();

  private final String name = UUID.randomUUID().toString();
  private final long period;
  private final LongConsumer action;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong checksum = new AtomicLong();

  private JobWatch(long period, LongConsumer action) {
    this.period = period;
    this.action = action;
  }

  /**
   * Opens one.
   *
   * @param period records from one look to the next, at least 1
   * @param action is told how many records have come; one at a time
   */
  static JobWatch open(long period, LongConsumer action) {
    JobWatch watch = new JobWatch(period, action);
    OPEN.put(watch.name, watch);
    return watch;
  }

  static JobWatch named(String name) {
    JobWatch watch = OPEN.get(name);
    if (watch == null) {
      throw new IllegalStateException("Cannot find the watch " + name + ": it is not of this job");
    }
    return watch;
  }

  String name() {
    return name;
  }

  /** A record came. */
  void record(long number) {
    checksum.addAndGet(number);
    long count = records.incrementAndGet();
    if (count % period == 0) {
      synchronized (action) {
        action.accept(count);
      }
    }
  }

  /**
   * Checks that every sample came once an epoch, as far as number and sum tell.
   *
   * @param samples that are numbered from 0
   * @throws IllegalStateException if not
   */
  void check(long samples, int epochs) {
    long expected = samples * (samples - 1) / 2 * epochs;
    if (records.get() != samples * epochs || checksum.get() != expected) {
      throw new IllegalStateException(
          "Cannot measure: %d records of sum %d arrived, not %d of sum %d"
              .formatted(records.get(), checksum.get(), samples * epochs, expected));
    }
  }

  @Override
  public void close() {
    OPEN.remove(name);
  }
}
