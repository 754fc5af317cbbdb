// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.Closeable;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;

/** An open stream of one object, with what was known of the object when it was opened. */
final class PooledStream implements Closeable {

  private final ObjectLocation location;
  private final ObjectVersion version;
  private final FSDataInputStream stream;

  /** When it was last given back; guarded by the pool. */
  long idleSince;

  PooledStream(ObjectLocation location, ObjectVersion version, FSDataInputStream stream) {
    this.location = location;
    this.version = version;
    this.stream = stream;
  }

  ObjectLocation location() {
    return location;
  }

  ObjectVersion version() {
    return version;
  }

  FSDataInputStream stream() {
    return stream;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /** Closes a stream that nobody reads from any more. */
  void closeQuietly() {
    try {
      stream.close();
    } catch (IOException | RuntimeException e) {
      // Nothing was written, and there is nobody left whom it concerns.
    }
  }
}
