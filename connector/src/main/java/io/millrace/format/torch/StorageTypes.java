// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The types of storages that torch writes, and their elements. */
final class StorageTypes {

  private static final Map<String, String> DTYPES = new LinkedHashMap<>();

  static {
    DTYPES.put("torch.DoubleStorage", "float64");
    DTYPES.put("torch.FloatStorage", "float32");
    DTYPES.put("torch.HalfStorage", "float16");
    DTYPES.put("torch.BFloat16Storage", "bfloat16");
    DTYPES.put("torch.LongStorage", "int64");
    DTYPES.put("torch.IntStorage", "int32");
    DTYPES.put("torch.ShortStorage", "int16");
    DTYPES.put("torch.CharStorage", "int8");
    DTYPES.put("torch.ByteStorage", "uint8");
    DTYPES.put("torch.BoolStorage", "bool");
    DTYPES.put("torch.ComplexDoubleStorage", "complex128");
    DTYPES.put("torch.ComplexFloatStorage", "complex64");
    DTYPES.put("torch.QInt8Storage", "qint8");
    DTYPES.put("torch.QInt32Storage", "qint32");
    DTYPES.put("torch.QUInt8Storage", "quint8");
    DTYPES.put("torch.QUInt4x2Storage", "quint4x2");
    DTYPES.put("torch.QUInt2x4Storage", "quint2x4");
    DTYPES.put("torch.UntypedStorage", "uint8");
    DTYPES.put("torch.storage.UntypedStorage", "uint8");
    DTYPES.put("torch.storage._UntypedStorage", "uint8");
  }

  private static final Map<TorchConstant, TorchDtype> BY_CONSTANT = new HashMap<>();

  static {
    DTYPES.forEach(
        (name, dtype) -> BY_CONSTANT.put(new TorchConstant(name), TorchDtype.named(dtype)));
  }

  private StorageTypes() {}

  /** All names, with the module in front. */
  static Iterable<String> names() {
    return DTYPES.keySet();
  }

  /** Type of the elements of a storage of a type; it has a size. */
  static TorchDtype dtypeOf(TorchConstant type) throws PickleException {
    TorchDtype dtype = BY_CONSTANT.get(type);
    if (dtype == null) {
      throw new PickleException(
          "a storage is of type " + type.text() + ", which does not say what its elements are");
    }
    if (dtype.dtype() == null) {
      throw new PickleException(
          "a storage is of type " + type.text() + ", whose elements share bytes: not supported");
    }
    return dtype;
  }
}
