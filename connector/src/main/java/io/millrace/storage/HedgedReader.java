// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object; a read that is slow is made a second time by another reader, which takes the
 * place of the first if it is faster.
 *
 * <p>Each attempt writes to arrays of its own. Those of the first one are the target's, so that
 * usually nothing is copied. If the first one loses, or is left behind for another reason, it keeps
 * them and the target gets others: whatever it still writes, however late, nobody sees.
 */
final class HedgedReader implements RangeReader {

  private final HedgingObjectStore store;
  private final StorageCall<RangeReader> opener;
  private final ObjectLocation location;

  /** What is read from; guarded by this. */
  private RangeReader current;

  /** The read in progress, if it may be made twice; guarded by this. */
  private @Nullable HedgedCall<Filled> inProgress;

  private boolean closed;

  /** Bytes that were read, and by which reader. */
  private record Filled(RangeReader reader, ByteChunks bytes) {}

  /**
   * @param first an open reader, which this closes
   * @param opener opens another one of the same version
   */
  HedgedReader(HedgingObjectStore store, RangeReader first, StorageCall<RangeReader> opener) {
    this.store = store;
    this.opener = opener;
    this.location = first.location();
    this.current = first;
  }

  @Override
  public ObjectLocation location() {
    return location;
  }

  @Override
  public void readFully(long position, ByteChunks target) throws IOException {
    StorageRequest request = StorageRequest.read(location, position, target.length());
    RequestLatency latency = store.latencyOf(request);
    if (position < 0 || !store.isWorthIt(request)) {
      long begin = System.nanoTime();
      reader(request).readFully(position, target);
      latency.record(System.nanoTime() - begin);
      return;
    }
    HedgedCall<Filled> call = store.newCall(request);
    RangeReader first = begin(request, call);
    FirstRead firstRead = new FirstRead(first, position, target.view());
    boolean done = false;
    try {
      Filled filled =
          store.race(request, latency, call, firstRead, new SecondRead(position, target.length()));
      if (filled.reader() != first) {
        target.take(filled.bytes());
        replace(filled.reader());
        store.closeLater(request, first);
      }
      done = true;
    } finally {
      if (!done && !firstRead.isOver()) {
        target.take(ByteChunks.allocate(target.length()));
      }
      endProgress();
    }
  }

  private synchronized RangeReader reader(StorageRequest request) throws IOException {
    if (closed) {
      throw new PermanentStorageException("Cannot " + request + ": the reader is closed");
    }
    return current;
  }

  private synchronized RangeReader begin(StorageRequest request, HedgedCall<Filled> call)
      throws IOException {
    RangeReader first = reader(request);
    inProgress = call;
    return first;
  }

  private synchronized void endProgress() {
    inProgress = null;
  }

  private void replace(RangeReader winner) {
    synchronized (this) {
      if (!closed) {
        current = winner;
        return;
      }
    }
    HedgingObjectStore.closeQuietly(winner);
  }

  /** Does not wait for a read in progress. */
  @Override
  public void close() throws IOException {
    HedgedCall<Filled> call;
    RangeReader last;
    synchronized (this) {
      closed = true;
      call = inProgress;
      last = current;
    }
    if (call != null) {
      call.stop(
          new PermanentStorageException(
              "Cannot read " + location + ": the reader was closed meanwhile"));
    }
    last.close();
  }

  /** The read by the reader that was open already, into the target's own arrays. */
  private static final class FirstRead implements Attempt.Work<Filled> {

    private final RangeReader reader;
    private final long position;
    private final ByteChunks bytes;
    private volatile boolean over;

    FirstRead(RangeReader reader, long position, ByteChunks bytes) {
      this.reader = reader;
      this.position = position;
      this.bytes = bytes;
    }

    @Override
    public Filled run() throws IOException {
      reader.readFully(position, bytes);
      return new Filled(reader, bytes);
    }

    @Override
    public void cancel() {
      HedgingObjectStore.closeQuietly(reader);
    }

    @Override
    public void late(Filled answer) {
      HedgingObjectStore.closeQuietly(reader);
    }

    @Override
    public void ended() {
      over = true;
    }

    /** Whether nothing writes to the arrays any more. */
    boolean isOver() {
      return over;
    }
  }

  /** The same read by another reader, which is opened for it, into other arrays. */
  private final class SecondRead implements Attempt.Work<Filled> {

    private final long position;
    private final long length;

    /** Guarded by this. */
    private @Nullable RangeReader opened;

    private boolean cancelled;

    SecondRead(long position, long length) {
      this.position = position;
      this.length = length;
    }

    @Override
    public Filled run() throws IOException {
      RangeReader reader = open();
      ByteChunks bytes = ByteChunks.allocate(length);
      boolean done = false;
      try {
        reader.readFully(position, bytes);
        done = true;
        return new Filled(reader, bytes);
      } finally {
        if (!done) {
          HedgingObjectStore.closeQuietly(reader);
        }
      }
    }

    private RangeReader open() throws IOException {
      RangeReader reader = opener.run();
      synchronized (this) {
        if (!cancelled) {
          opened = reader;
          return reader;
        }
      }
      HedgingObjectStore.closeQuietly(reader);
      throw new IOException("Cannot read " + location + " a second time: it is not needed");
    }

    @Override
    public void cancel() {
      RangeReader reader;
      synchronized (this) {
        cancelled = true;
        reader = opened;
      }
      if (reader != null) {
        HedgingObjectStore.closeQuietly(reader);
      }
    }

    @Override
    public void late(Filled answer) {
      HedgingObjectStore.closeQuietly(answer.reader());
    }
  }
}
