// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.DType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Changes elements in place: their byte order, their signs. */
final class Elements {

  static final VarHandle SHORT = view(short[].class);
  static final VarHandle INT = view(int[].class);
  static final VarHandle LONG = view(long[].class);

  private static final int SIGN = 0x80;

  private Elements() {}

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of an element, or of one of the two parts of a complex one. */
  private static int partSize(DType dtype) {
    return dtype.isComplex() ? dtype.byteSize() / 2 : dtype.byteSize();
  }

  static void swapBytes(byte[] elements, DType dtype) {
    int size = partSize(dtype);
    switch (size) {
      case 2 -> {
        for (int i = 0; i < elements.length; i += size) {
          SHORT.set(elements, i, Short.reverseBytes((short) SHORT.get(elements, i)));
        }
      }
      case 4 -> {
        for (int i = 0; i < elements.length; i += size) {
          INT.set(elements, i, Integer.reverseBytes((int) INT.get(elements, i)));
        }
      }
      case 8 -> {
        for (int i = 0; i < elements.length; i += size) {
          LONG.set(elements, i, Long.reverseBytes((long) LONG.get(elements, i)));
        }
      }
      default -> {}
    }
  }

  /**
   * Negates little-endian elements.
   *
   * @param conjugate whether imaginary parts are to be negated
   * @param negative whether everything is to be negated, once more where both are set
   */
  static void resolveSigns(byte[] elements, DType dtype, boolean conjugate, boolean negative) {
    int size = partSize(dtype);
    if (!dtype.isComplex()) {
      if (negative) {
        negate(elements, dtype, 0, size);
      }
      return;
    }
    if (negative) {
      negate(elements, dtype, 0, 2 * size);
    }
    if (negative != conjugate) {
      negate(elements, dtype, size, 2 * size);
    }
  }

  /** Negates a part of every element: floats by their sign bit, so that NaN stays NaN. */
  private static void negate(byte[] elements, DType dtype, int first, int step) {
    switch (dtype) {
      case FLOAT8_E4M3FNUZ, FLOAT8_E5M2FNUZ -> {
        // they have one zero, and a NaN where others have the negative one
        for (int i = first; i < elements.length; i += step) {
          elements[i] ^= (byte) ((elements[i] & 0x7f) == 0 ? 0 : SIGN);
        }
      }
      case BOOL, UINT8, INT8 -> {
        for (int i = first; i < elements.length; i += step) {
          elements[i] = (byte) -elements[i];
        }
      }
      case UINT16, INT16 -> {
        for (int i = first; i < elements.length; i += step) {
          SHORT.set(elements, i, (short) -(short) SHORT.get(elements, i));
        }
      }
      case UINT32, INT32 -> {
        for (int i = first; i < elements.length; i += step) {
          INT.set(elements, i, -(int) INT.get(elements, i));
        }
      }
      case UINT64, INT64 -> {
        for (int i = first; i < elements.length; i += step) {
          LONG.set(elements, i, -(long) LONG.get(elements, i));
        }
      }
      default -> {
        int last = partSize(dtype) - 1;
        for (int i = first + last; i < elements.length; i += step) {
          elements[i] ^= (byte) SIGN;
        }
      }
    }
  }
}
