// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Little-endian numbers of 2, 4 or 8 bytes, apart and together again: all of their lowest bytes,
 * then all of the next ones, up to those with sign and exponent. Rotated, the sign moves to the
 * lowest bit, so that the highest byte is the exponent's alone in bfloat16 and float32.
 */
final class Planes {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_INT = 0xffffffffL;

  private Planes() {}

  /** A number, unsigned. */
  static long number(byte[] array, int offset, int width, boolean rotated) {
    return switch (width) {
      case 2 -> {
        int two = (short) SHORT.get(array, offset) & 0xffff;
        yield rotated ? ((two << 1) | (two >>> 15)) & 0xffff : two;
      }
      case 4 -> {
        int four = (int) INT.get(array, offset);
        yield (rotated ? Integer.rotateLeft(four, 1) : four) & LOW_INT;
      }
      default -> {
        long eight = (long) LONG.get(array, offset);
        yield rotated ? Long.rotateLeft(eight, 1) : eight;
      }
    };
  }

  /** Writes the planes of numbers one after the other, the lowest first. */
  static void split(
      int width, boolean rotated, byte[] numbers, int offset, int count, byte[] planes) {
    switch (width) {
      case 2 -> split2(rotated, numbers, offset, count, planes);
      case 4 -> split4(rotated ? 1 : 0, numbers, offset, count, planes);
      default -> split8(rotated ? 1 : 0, numbers, offset, count, planes);
    }
  }

  private static void split2(boolean rotated, byte[] from, int offset, int n, byte[] to) {
    int left = rotated ? 1 : 0;
    int right = rotated ? 15 : 16;
    for (int i = 0; i < n; i++) {
      int v = (short) SHORT.get(from, offset + 2 * i) & 0xffff;
      v = v << left | v >>> right;
      to[i] = (byte) v;
      to[n + i] = (byte) (v >> 8);
    }
  }

  private static void split4(int left, byte[] from, int offset, int n, byte[] to) {
    for (int i = 0; i < n; i++) {
      int v = Integer.rotateLeft((int) INT.get(from, offset + 4 * i), left);
      to[i] = (byte) v;
      to[n + i] = (byte) (v >> 8);
      to[2 * n + i] = (byte) (v >> 16);
      to[3 * n + i] = (byte) (v >> 24);
    }
  }

  private static void split8(int left, byte[] from, int offset, int n, byte[] to) {
    for (int i = 0; i < n; i++) {
      long v = Long.rotateLeft((long) LONG.get(from, offset + 8 * i), left);
      int low = (int) v;
      int high = (int) (v >>> 32);
      to[i] = (byte) low;
      to[n + i] = (byte) (low >> 8);
      to[2 * n + i] = (byte) (low >> 16);
      to[3 * n + i] = (byte) (low >> 24);
      to[4 * n + i] = (byte) high;
      to[5 * n + i] = (byte) (high >> 8);
      to[6 * n + i] = (byte) (high >> 16);
      to[7 * n + i] = (byte) (high >> 24);
    }
  }

  /**
   * Puts numbers together of planes that lie anywhere, several of them at a time within a long: 1.5
   * to 2 times as fast as byte by byte.
   */
  static void join(boolean rotated, PlaneViews planes, int count, byte[] numbers, int offset) {
    switch (planes.width()) {
      case 2 -> join2(rotated, planes, count, numbers, offset);
      case 4 -> join4(rotated, planes, count, numbers, offset);
      default -> join8(rotated, planes, count, numbers, offset);
    }
  }

  private static void join2(boolean rotated, PlaneViews planes, int n, byte[] to, int offset) {
    byte[] p0 = planes.array(0);
    byte[] p1 = planes.array(1);
    int o0 = planes.offset(0);
    int o1 = planes.offset(1);
    int i = 0;
    for (; i <= n - 8; i += 8) {
      long a = (long) LONG.get(p0, o0 + i);
      long b = (long) LONG.get(p1, o1 + i);
      long low = spread(a & LOW_INT) | spread(b & LOW_INT) << 8;
      long high = spread(a >>> 32) | spread(b >>> 32) << 8;
      LONG.set(to, offset + 2 * i, rotated ? rotateShorts(low) : low);
      LONG.set(to, offset + 2 * i + 8, rotated ? rotateShorts(high) : high);
    }
    for (; i < n; i++) {
      int v = (p0[o0 + i] & 0xff) | ((p1[o1 + i] & 0xff) << 8);
      SHORT.set(to, offset + 2 * i, (short) (rotated ? v >>> 1 | v << 15 : v));
    }
  }

  private static void join4(boolean rotated, PlaneViews planes, int n, byte[] to, int offset) {
    byte[] p0 = planes.array(0);
    byte[] p1 = planes.array(1);
    byte[] p2 = planes.array(2);
    byte[] p3 = planes.array(3);
    int o0 = planes.offset(0);
    int o1 = planes.offset(1);
    int o2 = planes.offset(2);
    int o3 = planes.offset(3);
    int i = 0;
    for (; i <= n - 4; i += 4) {
      long low = spread((int) INT.get(p0, o0 + i)) | spread((int) INT.get(p1, o1 + i)) << 8;
      long high = spread((int) INT.get(p2, o2 + i)) | spread((int) INT.get(p3, o3 + i)) << 8;
      long first = spreadShorts(low & LOW_INT) | spreadShorts(high & LOW_INT) << 16;
      long second = spreadShorts(low >>> 32) | spreadShorts(high >>> 32) << 16;
      LONG.set(to, offset + 4 * i, rotated ? rotateInts(first) : first);
      LONG.set(to, offset + 4 * i + 8, rotated ? rotateInts(second) : second);
    }
    for (; i < n; i++) {
      int v = joined(p0[o0 + i], p1[o1 + i], p2[o2 + i], p3[o3 + i]);
      INT.set(to, offset + 4 * i, rotated ? Integer.rotateRight(v, 1) : v);
    }
  }

  private static void join8(boolean rotated, PlaneViews planes, int n, byte[] to, int offset) {
    joinHalf(planes, 0, n, to, offset);
    joinHalf(planes, 4, n, to, offset + 4);
    if (rotated) {
      for (int i = 0; i < n; i++) {
        int at = offset + 8 * i;
        LONG.set(to, at, Long.rotateRight((long) LONG.get(to, at), 1));
      }
    }
  }

  private static void joinHalf(PlaneViews planes, int first, int n, byte[] to, int offset) {
    byte[] p0 = planes.array(first);
    byte[] p1 = planes.array(first + 1);
    byte[] p2 = planes.array(first + 2);
    byte[] p3 = planes.array(first + 3);
    int o0 = planes.offset(first);
    int o1 = planes.offset(first + 1);
    int o2 = planes.offset(first + 2);
    int o3 = planes.offset(first + 3);
    for (int i = 0; i < n; i++) {
      INT.set(to, offset + 8 * i, joined(p0[o0 + i], p1[o1 + i], p2[o2 + i], p3[o3 + i]));
    }
  }

  private static int joined(byte b0, byte b1, byte b2, byte b3) {
    return (b0 & 0xff) | ((b1 & 0xff) << 8) | ((b2 & 0xff) << 16) | (b3 << 24);
  }

  /** Four bytes, each at the low end of two. */
  private static long spread(long bytes) {
    long x = (bytes | bytes << 16) & 0x0000ffff0000ffffL;
    return (x | x << 8) & 0x00ff00ff00ff00ffL;
  }

  private static long spread(int bytes) {
    return spread(bytes & LOW_INT);
  }

  /** Two times two bytes, each pair at the low end of four. */
  private static long spreadShorts(long shorts) {
    return (shorts | shorts << 16) & 0x0000ffff0000ffffL;
  }

  /** Four numbers of two bytes, each rotated right by a bit. */
  private static long rotateShorts(long x) {
    return ((x >>> 1) & 0x7fff7fff7fff7fffL) | ((x << 15) & 0x8000800080008000L);
  }

  /** Two numbers of four bytes, each rotated right by a bit. */
  private static long rotateInts(long x) {
    return ((x >>> 1) & 0x7fffffff7fffffffL) | ((x << 31) & 0x8000000080000000L);
  }

  /** How many numbers are zero, all bits of them. */
  static int countZeros(int width, byte[] numbers, int offset, int count) {
    int zeros = 0;
    switch (width) {
      case 2 -> {
        for (int i = 0; i < count; i++) {
          zeros += (short) SHORT.get(numbers, offset + 2 * i) == 0 ? 1 : 0;
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          zeros += (int) INT.get(numbers, offset + 4 * i) == 0 ? 1 : 0;
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          zeros += (long) LONG.get(numbers, offset + 8 * i) == 0 ? 1 : 0;
        }
      }
    }
    return zeros;
  }

  /** Bytes of a map with a bit for each number: whole words of 64. */
  static int mapBytes(int count) {
    return (count + 63) / 64 * 8;
  }

  /**
   * Leaves out the numbers that are zero.
   *
   * @param map receives a bit for each number, set where it is not zero
   * @param dense receives the others, one after the other, and may be written to one further
   */
  static void squeeze(int width, byte[] numbers, int offset, int count, byte[] map, byte[] dense) {
    int kept = 0;
    for (int word = 0; 64 * word < count; word++) {
      long bits = 0;
      int end = Math.min(64, count - 64 * word);
      for (int i = 0; i < end; i++) {
        int at = offset + (64 * word + i) * width;
        long number = number(numbers, at, width, false);
        put(width, dense, kept * width, number);
        if (number != 0) {
          bits |= 1L << i;
          kept++;
        }
      }
      LONG.set(map, 8 * word, bits);
    }
  }

  /** How many bits of a map are set; bits beyond the last number count, too. */
  static int countBits(byte[] map, int bytes) {
    int set = 0;
    for (int i = 0; i < bytes; i += 8) {
      set += Long.bitCount((long) LONG.get(map, i));
    }
    return set;
  }

  /** Puts the zeros back that {@link #squeeze} left out. */
  static void expand(int width, byte[] map, byte[] dense, int count, byte[] numbers, int offset) {
    int from = 0;
    for (int word = 0; 64 * word < count; word++) {
      long bits = (long) LONG.get(map, 8 * word);
      int to = offset + 64 * word * width;
      int length = Math.min(64, count - 64 * word) * width;
      if (bits == -1) {
        System.arraycopy(dense, from, numbers, to, length);
        from += length;
        continue;
      }
      Arrays.fill(numbers, to, to + length, (byte) 0);
      for (; bits != 0; bits &= bits - 1) {
        int at = to + Long.numberOfTrailingZeros(bits) * width;
        switch (width) {
          case 2 -> SHORT.set(numbers, at, (short) SHORT.get(dense, from));
          case 4 -> INT.set(numbers, at, (int) INT.get(dense, from));
          default -> LONG.set(numbers, at, (long) LONG.get(dense, from));
        }
        from += width;
      }
    }
  }

  private static void put(int width, byte[] array, int offset, long number) {
    switch (width) {
      case 2 -> SHORT.set(array, offset, (short) number);
      case 4 -> INT.set(array, offset, (int) number);
      default -> LONG.set(array, offset, number);
    }
  }
}
