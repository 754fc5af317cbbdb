// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import com.sun.management.ThreadMXBean;
import io.millrace.format.codec.TestingStreams;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * What came of opening a file, and what it cost.
 *
 * @param failure null if it was opened
 * @param heap bytes that the thread allocated, without those that its input gave it
 * @param given bytes that its input gave it
 */
record MeasuredOpening(@Nullable Throwable failure, long heap, long given) {

  /** Most that an input gives. */
  static final long MEMORY = 32 << 20;

  /**
   * What opening may allocate beside what is in proportion to the file. A good file of one tensor
   * takes 6 KB, tables and the machine's first stack; an exception and the one that it is made of,
   * with their messages and traces, 3 KB.
   */
  static final long ALWAYS = 16 << 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * Opens a file, on a thread of its own: an exception's trace costs as much as the stack is deep.
   * Does it twice, since the first time may load classes.
   */
  static MeasuredOpening of(byte[] file, boolean compressed) {
    MeasuredOpening[] measured = new MeasuredOpening[2];
    Thread thread =
        new Thread(
            () -> {
              measured[0] = measure(file, compressed);
              measured[1] = measure(file, compressed);
            });
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return measured[1];
  }

  private static MeasuredOpening measure(byte[] file, boolean compressed) {
    ByteChunks chunks = TestingStreams.chunks(file);
    CountingInput input = new CountingInput(MEMORY);
    Throwable failure = null;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      TorchFile.open(StoredFile.unchecked(TorchSets.OBJECT, chunks, compressed), input);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
    long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
    return new MeasuredOpening(failure, heap - input.allocated(), input.allocated());
  }
}
