// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;

/** Passes lines on slowly until a test releases it, so that things can happen in mid-job. */
final class Slowed implements MapFunction<String, String> {

  private static final long serialVersionUID = 1L;

  private static final Map<String, Control> CONTROLS = new ConcurrentHashMap<>();

  private final String test;
  private final int millisPerLine;

  /**
   * @param test names the control, because Flink makes copies of the function
   */
  Slowed(String test, int millisPerLine) {
    this.test = test;
    this.millisPerLine = millisPerLine;
  }

  static Control control(String test) {
    return CONTROLS.computeIfAbsent(test, t -> new Control());
  }

  @Override
  public String map(String line) throws Exception {
    Control control = control(test);
    control.lines.incrementAndGet();
    if (!control.released) {
      Thread.sleep(millisPerLine); // paces the job; nothing waits for it
    }
    return line;
  }

  /** What a test sees of the copies of a function, and does to them. */
  static final class Control {

    private final AtomicInteger lines = new AtomicInteger();
    private volatile boolean released;

    int lines() {
      return lines.get();
    }

    void release() {
      released = true;
    }
  }
}
