// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.sample.DType;
import java.util.Map;

/**
 * The functions of {@code torch._utils} and {@code torch._tensor} that make dense tensors. Whether
 * a gradient is wanted and attributes are dropped; hooks there must be none.
 */
final class TensorCalls {

  private TensorCalls() {}

  /** {@code _rebuild_tensor(storage, offset, size, stride)}. */
  static TensorValue rebuild(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(4, 4);
    return view(constructors, plainStorage(constructors, arguments), arguments);
  }

  /**
   * {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata=None)}.
   */
  static TensorValue rebuildV2(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(6, 7);
    arguments.flag(4);
    arguments.expectNoHooks(5);
    TensorValue tensor = view(constructors, plainStorage(constructors, arguments), arguments);
    return withMetadata(tensor, arguments, 6);
  }

  /**
   * {@code _rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype,
   * metadata=None)}, of a storage without a type.
   */
  static TensorValue rebuildV3(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(7, 8);
    arguments.flag(4);
    arguments.expectNoHooks(5);
    Storage bytes = plainStorage(constructors, arguments);
    if (bytes.dtype() != DType.UINT8) {
      throw arguments.wrong(0, "a storage without a type");
    }
    DType dtype = dtype(arguments, 6);
    long elements = bytes.elements() / dtype.byteSize();
    Storage typed =
        new Storage(
            bytes.bytes(), bytes.begin(), dtype, elements, bytes.bigEndian(), bytes.copied());
    return withMetadata(view(constructors, typed, arguments), arguments, 7);
  }

  private static Storage plainStorage(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    TensorValue tensor = arguments.tensor(0);
    TorchDtype dtype = constructors.storageDtype(tensor);
    if (dtype == null || dtype.quantised()) {
      throw arguments.wrong(0, "a storage of plain numbers");
    }
    return tensor.storage();
  }

  /** A view of a storage by the three arguments that follow it. */
  static TensorValue view(TorchConstructors constructors, Storage storage, Arguments arguments)
      throws PickleException {
    long[] shape = arguments.numbers(2);
    long[] strides = arguments.numbers(3);
    constructors.allowance().spend((long) shape.length + strides.length);
    return TensorViews.strided(storage, arguments.number(1), shape, strides);
  }

  /** The dtype of plain numbers that an argument names. */
  private static DType dtype(Arguments arguments, int index) throws PickleException {
    TorchDtype dtype = TorchDtype.of(arguments.constant(index));
    if (dtype == null) {
      throw arguments.wrong(index, "a dtype");
    }
    DType plain = dtype.quantised() ? null : dtype.dtype();
    if (plain == null) {
      throw new PickleException("a tensor is of " + dtype.constant().text() + ": not supported");
    }
    return plain;
  }

  /** A tensor with the bits that its metadata, which need not be there, sets. */
  private static TensorValue withMetadata(TensorValue tensor, Arguments arguments, int index)
      throws PickleException {
    if (arguments.count() <= index || arguments.isNone(index)) {
      return tensor;
    }
    if (!(arguments.get(index) instanceof PyDict metadata)) {
      throw arguments.wrong(index, "a dict of metadata");
    }
    boolean conjugate = false;
    boolean negative = false;
    for (Map.Entry<Object, Object> item : metadata.items().entrySet()) {
      if (!(item.getKey() instanceof String key) || !(item.getValue() instanceof Boolean bit)) {
        throw arguments.wrong(index, "a dict of the bits conj and neg");
      }
      if (key.equals("conj")) {
        conjugate = bit;
      } else if (key.equals("neg")) {
        negative = bit;
      } else {
        throw new PickleException(
            "a tensor has the metadata " + Quoted.plain(key) + ": not supported");
      }
    }
    if ((conjugate && !tensor.dtype().isComplex()) || (negative && isBool(tensor))) {
      throw new PickleException(
          "a tensor of " + tensor.dtype() + " cannot be " + (negative ? "negated" : "conjugated"));
    }
    return new TensorValue(
        tensor.storage(), tensor.offset(), tensor.shape(), tensor.strides(), conjugate, negative);
  }

  private static boolean isBool(TensorValue tensor) {
    return tensor.dtype() == DType.BOOL;
  }

  /** {@code _rebuild_parameter(data, requires_grad, hooks)}: the data. */
  static Object parameter(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(3, 3);
    return parameterData(constructors, arguments);
  }

  /** {@code _rebuild_parameter_with_state(data, requires_grad, hooks, state)}: the data. */
  static Object parameterWithState(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(4, 4);
    return parameterData(constructors, arguments);
  }

  private static Object parameterData(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.flag(1);
    arguments.expectNoHooks(2);
    return constructors.isTensor(arguments.get(0)) ? arguments.get(0) : arguments.tensor(0);
  }

  /** {@code _rebuild_from_type_v2(function, type, arguments, state)}: what the function makes. */
  static Object fromType(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(4, 4);
    TorchConstant function = arguments.constant(0);
    Constructor constructor = ClosedList.tensorConstructor(function);
    if (constructor == null) {
      throw arguments.wrong(0, "a function that makes tensors");
    }
    if (!ClosedList.isTensorType(arguments.constant(1))) {
      throw arguments.wrong(1, "torch.Tensor or torch.nn.parameter.Parameter");
    }
    return constructor.call(constructors, new Arguments(function.text(), arguments.tuple(2)));
  }

  /**
   * {@code _rebuild_device_tensor_from_numpy(data, dtype, device, requires_grad)}. Of bfloat16,
   * which NumPy has not, the data is float32.
   */
  static TensorValue fromNumpy(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(4, 4);
    arguments.text(2);
    arguments.flag(3);
    TensorValue data = arguments.tensor(0);
    DType dtype = dtype(arguments, 1);
    if (data.dtype() == dtype) {
      return data;
    }
    if (data.dtype() != DType.FLOAT32 || dtype != DType.BFLOAT16) {
      throw new PickleException(
          "a tensor of " + dtype + " is to be made of " + data.dtype() + ": not supported");
    }
    return Bfloat16.upperHalves(constructors.allowance(), data);
  }
}
