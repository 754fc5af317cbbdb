// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes bytes without knowing what they mean. */
public final class FuzzBytes {

  private static final byte[] TEXT =
      "{}[]\",:.+-eE0123456789\\u\n\rNI ax\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int LONGEST_RUN = 300;

  private final SplittableRandom random;
  private final StringBuilder what;
  private final byte[] letters;

  /**
   * For what contains JSON or numbers.
   *
   * @param what takes the descriptions of the changes
   */
  public FuzzBytes(SplittableRandom random, StringBuilder what) {
    this(random, what, TEXT);
  }

  /**
   * @param what takes the descriptions of the changes
   * @param letters bytes that mean something where they are put
   */
  public FuzzBytes(SplittableRandom random, StringBuilder what, byte[] letters) {
    this.random = random;
    this.what = what;
    this.letters = letters.clone();
  }

  /**
   * A changed copy.
   *
   * @param other bytes to splice with
   */
  public byte[] mutate(byte[] bytes, byte[] other) {
    byte[] result = bytes;
    int times = random.nextInt(8) == 0 ? 1 + random.nextInt(4) : 1;
    for (int i = 0; i < times; i++) {
      result = once(result, other);
    }
    return result;
  }

  private byte[] once(byte[] bytes, byte[] other) {
    if (bytes.length == 0) {
      return appended(bytes, run(other));
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> flipped(bytes);
      case 4 -> overwritten(bytes, noise(), "overwrite with noise");
      case 5 -> overwritten(bytes, new byte[random.nextInt(LONGEST_RUN)], "overwrite with zeros");
      case 6 ->
          overwritten(bytes, new byte[] {letters[random.nextInt(letters.length)]}, "put a letter");
      case 7 -> overwritten(bytes, run(random.nextBoolean() ? bytes : other), "overwrite by a run");
      case 8 -> cut(bytes);
      case 9 -> appended(bytes, random.nextBoolean() ? noise() : run(bytes));
      case 10 -> spliced(bytes, new byte[0], "delete");
      default -> spliced(bytes, random.nextBoolean() ? run(other) : noise(), "splice");
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] result = bytes.clone();
    int bits = 1 + (random.nextBoolean() ? 0 : random.nextInt(8));
    for (int i = 0; i < bits; i++) {
      int position = place(bytes.length);
      int bit = random.nextInt(8);
      result[position] ^= (byte) (1 << bit);
      say("flip bit " + bit + " of byte " + position);
    }
    return result;
  }

  private byte[] overwritten(byte[] bytes, byte[] run, String how) {
    byte[] result = bytes.clone();
    int position = place(bytes.length);
    int length = Math.min(run.length, bytes.length - position);
    System.arraycopy(run, 0, result, position, length);
    say(how + " " + length + " bytes at " + position);
    return result;
  }

  private byte[] cut(byte[] bytes) {
    int length =
        random.nextBoolean()
            ? place(bytes.length)
            : bytes.length - 1 - random.nextInt(Math.min(9, bytes.length));
    say("cut to " + Math.max(0, length));
    return Arrays.copyOf(bytes, Math.max(0, length));
  }

  private byte[] appended(byte[] bytes, byte[] run) {
    say("append " + run.length);
    byte[] result = Arrays.copyOf(bytes, bytes.length + run.length);
    System.arraycopy(run, 0, result, bytes.length, run.length);
    return result;
  }

  private byte[] spliced(byte[] bytes, byte[] run, String how) {
    int position = place(bytes.length);
    int gone = random.nextInt(Math.min(LONGEST_RUN, bytes.length - position) + 1);
    say(how + " " + run.length + " for " + gone + " bytes at " + position);
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(bytes, 0, position);
    result.writeBytes(run);
    result.write(bytes, position + gone, bytes.length - position - gone);
    return result.toByteArray();
  }

  private byte[] noise() {
    byte[] noise = new byte[1 + random.nextInt(1 << random.nextInt(9))];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] run(byte[] bytes) {
    if (bytes.length == 0) {
      return noise();
    }
    int from = place(bytes.length);
    int length = random.nextInt(Math.min(LONGEST_RUN, bytes.length - from) + 1);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Anywhere, but the beginning, where headers are, often. */
  private int place(int length) {
    return random.nextInt(3) == 0 ? random.nextInt(Math.min(64, length)) : random.nextInt(length);
  }

  private void say(String text) {
    what.append(what.isEmpty() ? "" : ", ").append(text);
  }
}
