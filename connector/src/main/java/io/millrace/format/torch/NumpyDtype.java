// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.DType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dtype of NumPy's: of numbers or booleans.
 *
 * @param constant it as a value, such as {@code numpy.dtype('<f4')}
 * @param code its kind and the bytes of an element, such as {@code f4}
 * @param dtype type of the elements
 * @param bigEndian their byte order
 */
record NumpyDtype(TorchConstant constant, String code, DType dtype, boolean bigEndian) {

  private static final Map<String, DType> BY_CODE =
      Map.ofEntries(
          Map.entry("b1", DType.BOOL),
          Map.entry("u1", DType.UINT8),
          Map.entry("u2", DType.UINT16),
          Map.entry("u4", DType.UINT32),
          Map.entry("u8", DType.UINT64),
          Map.entry("i1", DType.INT8),
          Map.entry("i2", DType.INT16),
          Map.entry("i4", DType.INT32),
          Map.entry("i8", DType.INT64),
          Map.entry("f2", DType.FLOAT16),
          Map.entry("f4", DType.FLOAT32),
          Map.entry("f8", DType.FLOAT64),
          Map.entry("c8", DType.COMPLEX64),
          Map.entry("c16", DType.COMPLEX128));

  private static final Map<TorchConstant, NumpyDtype> BY_CONSTANT = new HashMap<>();
  private static final Map<String, NumpyDtype> LITTLE = new HashMap<>();
  private static final Map<String, NumpyDtype> BIG = new HashMap<>();

  static {
    BY_CODE.forEach(
        (code, dtype) -> {
          LITTLE.put(code, made(code, dtype.byteSize() == 1 ? '|' : '<', dtype));
          BIG.put(code, dtype.byteSize() == 1 ? LITTLE.get(code) : made(code, '>', dtype));
        });
  }

  private static NumpyDtype made(String code, char order, DType dtype) {
    TorchConstant constant = new TorchConstant("numpy.dtype('" + order + code + "')");
    NumpyDtype made = new NumpyDtype(constant, code, dtype, order == '>');
    BY_CONSTANT.put(constant, made);
    return made;
  }

  /** The dtype that a constant is, null if it is something else. */
  static @Nullable NumpyDtype of(TorchConstant constant) {
    return BY_CONSTANT.get(constant);
  }

  /** The dtype that an argument is. */
  static NumpyDtype of(Arguments arguments, int index) throws PickleException {
    NumpyDtype dtype = of(arguments.constant(index));
    if (dtype == null) {
      throw arguments.wrong(index, "a dtype of NumPy's");
    }
    return dtype;
  }

  /** {@code numpy.dtype(code, align, copy)}; the byte order comes with its state. */
  static TorchConstant call(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(1, 3);
    String code = arguments.text(0);
    NumpyDtype dtype = LITTLE.get(code);
    if (dtype == null) {
      throw new PickleException(
          "numpy.dtype('" + Quoted.plain(code) + "') is of " + kind(code) + ": not supported");
    }
    if (arguments.count() > 1 && arguments.flag(1)) {
      throw new PickleException("numpy.dtype('" + code + "') is an aligned structure");
    }
    return dtype.constant;
  }

  private static String kind(String code) {
    return switch (code.isEmpty() ? ' ' : code.charAt(0)) {
      case 'O' -> "Python objects";
      case 'V' -> "structures or raw memory";
      case 'U', 'S', 'a', 'T' -> "text";
      case 'M', 'm' -> "dates or times";
      case 'f', 'c' -> "floats of another size";
      default -> "no numbers";
    };
  }

  /** The dtype after its {@code __setstate__}, which brings the byte order. */
  static TorchConstant withState(TorchConstant constant, Object state) throws PickleException {
    if (!(state instanceof PyTuple tuple)) {
      throw new PickleException("the state of " + constant.text() + " is not a tuple");
    }
    Arguments parts = new Arguments("the state of " + constant.text(), tuple);
    parts.expect(8, 9);
    NumpyDtype dtype = BY_CONSTANT.get(constant);
    if (dtype == null
        || !parts.isNone(2)
        || !parts.isNone(3)
        || !parts.isNone(4)
        || parts.number(7) != 0) {
      throw new PickleException(
          "the state of " + constant.text() + " makes it a structure or subarray: not supported");
    }
    boolean single = dtype.dtype.byteSize() == 1;
    return switch (parts.text(1)) {
      case "<" -> find(LITTLE, dtype);
      case ">" -> find(BIG, dtype);
      case "|" -> {
        if (single) {
          yield constant;
        }
        throw parts.wrong(1, "a byte order");
      }
      default -> throw parts.wrong(1, "a byte order");
    };
  }

  private static TorchConstant find(Map<String, NumpyDtype> order, NumpyDtype dtype) {
    NumpyDtype found = order.get(dtype.code);
    return found == null ? dtype.constant : found.constant;
  }
}
