// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.PermanentStorageException;
import io.millrace.storage.RangeReader;
import io.millrace.storage.StorageRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.flink.core.fs.FSDataInputStream;

/**
 * Reads from one stream, which goes back to the pool if it still works when the reader is closed.
 *
 * <p>Seeks and reads into the target's arrays: every file system can, and positioned reads of those
 * that have them are a connection each (HDFS) or the same thing (S3A).
 */
final class FlinkRangeReader implements RangeReader {

  private enum State {
    IDLE,
    READING,
    BROKEN,
    CLOSED
  }

  private final StreamPool pool;
  private final Runnable onGiven;
  private final VersionNow versionNow;
  private final PooledStream pooled;

  /** Guarded by this. */
  private State state = State.IDLE;

  /** Asks the store. */
  @FunctionalInterface
  interface VersionNow {
    ObjectVersion of(ObjectLocation object) throws IOException;
  }

  /**
   * @param onGiven runs after the stream went back to the pool
   * @param versionNow of the object, to tell why its stream ended too early
   */
  FlinkRangeReader(StreamPool pool, PooledStream pooled, Runnable onGiven, VersionNow versionNow) {
    this.pool = pool;
    this.pooled = pooled;
    this.onGiven = onGiven;
    this.versionNow = versionNow;
  }

  @Override
  public ObjectLocation location() {
    return pooled.location();
  }

  @Override
  public void readFully(long position, ByteChunks target) throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("Cannot read at a negative position: " + position);
    }
    StorageRequest request = StorageRequest.read(location(), position, target.length());
    begin(request);
    boolean done = false;
    try {
      checkEnd(position, target.length());
      long filled = fill(request, target);
      if (filled < target.length()) {
        throw endedEarly(request, position + filled);
      }
      done = true;
    } finally {
      end(done);
    }
  }

  /** Some streams wait forever when told to skip past the end, so that is never asked. */
  private void checkEnd(long position, long length) throws CorruptObjectException {
    long end = pooled.version().length();
    if (length > end - position) {
      throw new CorruptObjectException(location(), end, "it ends before " + (position + length));
    }
  }

  /** As many bytes as there are; fewer than asked for if the stream ends. */
  private long fill(StorageRequest request, ByteChunks target) throws IOException {
    try {
      return read(request, target);
    } catch (IOException | RuntimeException e) {
      throw StoreErrors.of(request.toString(), location(), e);
    }
  }

  private long read(StorageRequest request, ByteChunks target) throws IOException {
    long position = request.position();
    FSDataInputStream stream = pooled.stream();
    if (target.length() > 0 && stream.getPos() != position) {
      stream.seek(position);
    }
    for (var s = target.first(0, target.length()); s != null; s = s.next()) {
      int done = 0;
      while (done < s.length()) {
        checkGoOn(request);
        int count = stream.read(s.array(), s.offset() + done, s.length() - done);
        if (count < 0) {
          return s.position() + done;
        }
        done += count;
      }
    }
    return target.length();
  }

  /**
   * A stream that ends before its object does was cut on its way, which clients of stores do not
   * always tell from the end; unless the object was replaced by a shorter one.
   */
  private IOException endedEarly(StorageRequest request, long offset) throws IOException {
    ObjectVersion now = versionNow.of(location());
    ObjectVersion expected = pooled.version();
    return now.agreesWith(expected)
        ? new IOException(
            "Cannot " + request + ": the stream ended at " + offset + ", before the object does")
        : new ObjectChangedException(location(), expected, now);
  }

  private void checkGoOn(StorageRequest request) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Cannot " + request + ": interrupted");
    }
    synchronized (this) {
      if (state == State.CLOSED) {
        throw new IOException("the reader was closed");
      }
    }
  }

  private synchronized void begin(StorageRequest request) throws IOException {
    switch (state) {
      case IDLE -> state = State.READING;
      case READING -> throw new IllegalStateException("Cannot " + request + ": already reading");
      case BROKEN -> throw new IOException("Cannot " + request + ": an earlier read failed");
      case CLOSED ->
          throw new PermanentStorageException("Cannot " + request + ": the reader is closed");
    }
  }

  private synchronized void end(boolean done) {
    if (state == State.READING) {
      state = done ? State.IDLE : State.BROKEN;
    }
  }

  /** May wait for a read in progress where the file system's stream does, as that of HDFS. */
  @Override
  public void close() throws IOException {
    State before;
    synchronized (this) {
      before = state;
      state = State.CLOSED;
    }
    switch (before) {
      case IDLE -> {
        pool.give(pooled);
        onGiven.run();
      }
      case READING -> pooled.close();
      case BROKEN -> {
        // Its siblings are likely as broken, by a lost connection or a replaced object.
        pool.discard(location());
        pooled.closeQuietly();
      }
      case CLOSED -> {}
    }
  }
}
