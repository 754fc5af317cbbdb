// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.SmallFloats;
import io.millrace.storage.ByteChunks;
import java.math.BigInteger;
import java.util.BitSet;

/** Makes tensors of NumPy's arrays and values of its single numbers. */
final class NumpyArrays {

  /** What {@code _reconstruct} makes: an array without elements, until it is given its state. */
  static final TensorValue UNBUILT =
      TensorViews.all(new Storage(ByteChunks.allocate(0), 0, DType.INT8, 0, false));

  private NumpyArrays() {}

  /** {@code _reconstruct(numpy.ndarray, (0,), b"b")}. */
  static TensorValue reconstruct(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(3, 3);
    if (!arguments.constant(0).equals(ClosedList.NDARRAY)) {
      throw arguments.wrong(0, "numpy.ndarray");
    }
    return UNBUILT;
  }

  /** {@code ndarray.__setstate__((version, shape, dtype, fortran, content))}. */
  static TensorValue build(TorchConstructors constructors, Object state) throws PickleException {
    if (!(state instanceof PyTuple tuple)) {
      throw new PickleException("the state of a numpy.ndarray is not a tuple");
    }
    Arguments parts = new Arguments("the state of a numpy.ndarray", tuple);
    parts.expect(5, 5);
    NumpyDtype dtype = NumpyDtype.of(parts, 2);
    return array(constructors, dtype, parts.numbers(1), parts.flag(3), parts.bytes(4));
  }

  /**
   * {@code _frombuffer(content, dtype, shape, order, axes=None)}. Of order K the content is that of
   * an array of the shape, in C order, whose dimensions are then permuted.
   */
  static TensorValue fromBuffer(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(4, 5);
    NumpyDtype dtype = NumpyDtype.of(arguments, 1);
    long[] shape = arguments.numbers(2);
    String order = arguments.text(3);
    if (order.equals("K") && arguments.count() == 5) {
      return permuted(constructors, dtype, shape, arguments);
    }
    boolean fortran =
        switch (order) {
          case "C" -> false;
          case "F" -> true;
          default -> throw arguments.wrong(3, "an order of dimensions");
        };
    if (arguments.count() == 5 && !arguments.isNone(4)) {
      throw arguments.wrong(4, "None");
    }
    return array(constructors, dtype, shape, fortran, arguments.bytes(0));
  }

  private static TensorValue permuted(
      TorchConstructors constructors, NumpyDtype dtype, long[] shape, Arguments arguments)
      throws PickleException {
    long[] axes = arguments.numbers(4);
    long[] steps = TensorViews.rowMajor(shape);
    long[] lengths = new long[axes.length];
    long[] strides = new long[axes.length];
    BitSet seen = new BitSet();
    for (int i = 0; i < axes.length; i++) {
      if (axes.length != shape.length || axes[i] < 0 || axes[i] >= shape.length) {
        throw arguments.wrong(4, "its dimensions in any order");
      }
      int axis = (int) axes[i];
      seen.set(axis);
      lengths[i] = shape[axis];
      strides[i] = steps[axis];
    }
    if (seen.cardinality() != shape.length) {
      throw arguments.wrong(4, "its dimensions in any order");
    }
    return array(constructors, dtype, lengths, strides, arguments.bytes(0));
  }

  private static TensorValue array(
      TorchConstructors constructors,
      NumpyDtype dtype,
      long[] shape,
      boolean fortran,
      Bytes content)
      throws PickleException {
    long[] strides = fortran ? TensorViews.columnMajor(shape) : TensorViews.rowMajor(shape);
    return array(constructors, dtype, shape, strides, content);
  }

  private static TensorValue array(
      TorchConstructors constructors, NumpyDtype dtype, long[] shape, long[] strides, Bytes content)
      throws PickleException {
    Storage storage = storage(constructors, dtype, content);
    TensorValue array = TensorViews.strided(storage, 0, shape, strides);
    if (array.byteSize() != content.size()) {
      throw new PickleException(
          "a numpy.ndarray of " + array.byteSize() + " bytes has " + content.size());
    }
    return array;
  }

  private static Storage storage(TorchConstructors constructors, NumpyDtype dtype, Bytes content)
      throws PickleException {
    constructors.allowance().spend(content.size());
    ByteChunks chunks = ByteChunks.allocate(content.size());
    for (var s = chunks.first(0, content.size()); s != null; s = s.next()) {
      content.copyTo((int) s.position(), s.array(), s.offset(), s.length());
    }
    DType type = dtype.dtype();
    return new Storage(chunks, 0, type, content.size() / type.byteSize(), dtype.bigEndian(), true);
  }

  /** {@code scalar(dtype, content)}; a complex number is a tensor of rank 0. */
  static Object scalar(TorchConstructors constructors, Arguments arguments) throws PickleException {
    arguments.expect(2, 2);
    NumpyDtype dtype = NumpyDtype.of(arguments, 0);
    Bytes content = arguments.bytes(1);
    if (content.size() != dtype.dtype().byteSize()) {
      throw new PickleException(
          "a number of " + dtype.constant().text() + " has " + content.size() + " bytes");
    }
    TensorValue tensor = TensorViews.scalar(storage(constructors, dtype, content));
    return dtype.dtype().isComplex() ? tensor : new NumpyScalar(dtype.dtype(), value(tensor));
  }

  private static Object value(TensorValue tensor) {
    Bytes bytes = Bytes.wrap(tensor.toBytes());
    long bits = 0;
    for (int i = bytes.size() - 1; i >= 0; i--) {
      bits = bits << 8 | (bytes.byteAt(i) & 0xff);
    }
    return switch (tensor.dtype()) {
      case BOOL -> bits != 0;
      case INT8 -> (long) (byte) bits;
      case INT16 -> (long) (short) bits;
      case INT32 -> (long) (int) bits;
      case UINT64 -> new BigInteger(Long.toUnsignedString(bits));
      case FLOAT16 -> SmallFloats.float16ToFloat((short) bits);
      case FLOAT32 -> Float.intBitsToFloat((int) bits);
      case FLOAT64 -> Double.longBitsToDouble(bits);
      default -> bits;
    };
  }
}
