// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;

/** Quantised tensors, as dicts of their integers and of what turns those into other numbers. */
final class QuantisedCalls {

  private static final String SCHEME = "qscheme";

  private QuantisedCalls() {}

  /** {@code _rebuild_qtensor(storage, offset, size, stride, quantiser, requires_grad, hooks)}. */
  static PyDict rebuild(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(7, 7);
    arguments.flag(5);
    arguments.expectNoHooks(6);
    TensorValue storage = arguments.tensor(0);
    TorchDtype dtype = constructors.storageDtype(storage);
    if (dtype == null || !dtype.quantised()) {
      throw arguments.wrong(0, "a storage of quantised numbers");
    }
    TensorValue values = TensorCalls.view(constructors, storage.storage(), arguments);
    Arguments quantiser = arguments.nested(4);
    quantiser.expect(3, 4);
    TorchConstant scheme = quantiser.constant(0);
    PyDict quantised = new PyDict();
    quantised.put(SCHEME, scheme);
    quantised.put("dtype", dtype.constant());
    quantised.put("values", values);
    switch (scheme.text()) {
      case "torch.per_tensor_affine" -> perTensor(quantised, quantiser);
      case "torch.per_channel_affine", "torch.per_channel_affine_float_qparams" ->
          perChannel(quantised, quantiser, values);
      default -> throw quantiser.wrong(0, "a scheme that torch writes");
    }
    return constructors.tensorInParts(quantised);
  }

  private static void perTensor(PyDict quantised, Arguments quantiser) throws PickleException {
    quantiser.expect(3, 3);
    quantised.put("scale", quantiser.real(1));
    quantised.put("zero_point", quantiser.number(2));
  }

  private static void perChannel(PyDict quantised, Arguments quantiser, TensorValue values)
      throws PickleException {
    quantiser.expect(4, 4);
    TensorValue scales = quantiser.tensor(1);
    TensorValue zeroPoints = quantiser.tensor(2);
    long axis = quantiser.number(3);
    if (axis < 0 || axis >= values.shape().length) {
      throw quantiser.wrong(3, "one of " + values.shape().length + " dimensions");
    }
    long channels = values.shape()[(int) axis];
    if (!isList(scales, channels) || !isList(zeroPoints, channels)) {
      throw new PickleException(
          "a quantised tensor of " + channels + " channels has not one scale and zero point each");
    }
    quantised.put("scales", scales);
    quantised.put("zero_points", zeroPoints);
    quantised.put("axis", axis);
  }

  private static boolean isList(TensorValue tensor, long length) {
    return tensor.shape().length == 1 && tensor.shape()[0] == length;
  }
}
