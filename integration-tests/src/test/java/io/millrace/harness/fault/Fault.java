// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.time.Duration;

/**
 * What happens to a request. The kinds that only slow it down ({@link Delay}, {@link Slower},
 * {@link Bandwidth}, {@link ShortReads}) add up when several rules choose them; of the others the
 * rule that was added first wins.
 */
public sealed interface Fault {

  /** The request waits before it reaches the origin. */
  record Delay(Duration duration) implements Fault {
    public Delay {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("Cannot delay by " + duration + ": it is negative");
      }
    }
  }

  /**
   * The first byte of the answer, or for a file the call's result, takes several times as long as
   * it would, other delays included.
   */
  record Slower(double factor) implements Fault {
    public Slower {
      if (!(factor >= 1 && factor <= 1e6)) {
        throw new IllegalArgumentException(
            "Cannot slow down by a factor of " + factor + ": must be 1 to 1000000");
      }
    }
  }

  /** Bodies in both directions are held to a speed, each request by itself. */
  record Bandwidth(long bytesPerSecond) implements Fault {
    public Bandwidth {
      checkPositive("limit the bandwidth to", bytesPerSecond);
    }
  }

  /** Bodies come in pieces of so many bytes at most. */
  record ShortReads(int most) implements Fault {
    public ShortReads {
      checkPositive("shorten reads to", most);
    }
  }

  /**
   * The origin is not asked and a status answered, with a body as S3 has it. A file system throws
   * what stands for it: {@code FileNotFoundException} for 404, {@code AccessDeniedException} for
   * 401 and 403, else an {@code IOException} that names the code.
   *
   * @param code 400 to 599
   * @param error S3's name of the error
   * @param retryAfter for the header {@code Retry-After} in whole seconds; zero for none
   */
  record Status(int code, String error, Duration retryAfter) implements Fault {
    public Status {
      if (code < 400 || code > 599) {
        throw new IllegalArgumentException(
            "Cannot answer status " + code + " as a fault: must be 400 to 599");
      }
      if (retryAfter.isNegative()) {
        throw new IllegalArgumentException("Cannot retry after " + retryAfter);
      }
    }
  }

  /**
   * The connection is lost in the middle of the answer's body: after so many bytes, or one byte
   * before its end if it is shorter. The head announces the whole body. An answer without a body is
   * lost as a whole.
   */
  record Cut(long afterBytes) implements Fault {
    public Cut {
      if (afterBytes < 0) {
        throw new IllegalArgumentException("Cannot cut after " + afterBytes + " bytes");
      }
    }
  }

  /**
   * Bytes of the answer's body come changed, as many as its length allows; the length stays. Of
   * bodies whose length is not announced, and of files, the bytes are in the first piece.
   */
  record Corrupt(int bytes) implements Fault {
    public Corrupt {
      checkPositive("corrupt", bytes);
    }
  }

  /** The connection is reset, with nothing answered. */
  record Refuse() implements Fault {}

  /**
   * Nothing is answered, and the connection stays open: until the client closes it, the faults are
   * reset or the origin is closed.
   */
  record Hang() implements Fault {}

  static Fault delay(Duration duration) {
    return new Delay(duration);
  }

  static Fault slower(double factor) {
    return new Slower(factor);
  }

  static Fault bandwidth(long bytesPerSecond) {
    return new Bandwidth(bytesPerSecond);
  }

  static Fault shortReads(int most) {
    return new ShortReads(most);
  }

  /** An answer with this status and the error that S3 has for it. */
  static Fault status(int code) {
    return new Status(code, S3Errors.nameOf(code), Duration.ZERO);
  }

  /** What S3 answers to who asks too much: 503 {@code SlowDown}. */
  static Fault slowDown(Duration retryAfter) {
    return new Status(503, S3Errors.nameOf(503), retryAfter);
  }

  static Fault cut(long afterBytes) {
    return new Cut(afterBytes);
  }

  static Fault corrupt(int bytes) {
    return new Corrupt(bytes);
  }

  static Fault refuse() {
    return new Refuse();
  }

  static Fault hang() {
    return new Hang();
  }

  private static void checkPositive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("Cannot " + what + " " + value + " bytes");
    }
  }
}
