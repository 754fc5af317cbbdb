// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PyNone;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;
import java.util.List;

/** Values as files hold them. Numbers are Python's: {@code int} is taken as {@code Long}. */
final class TorchValues {

  static final PyNone NONE = PyNone.NONE;

  private TorchValues() {}

  static PyDict dict(Object... keysAndValues) {
    PyDict dict = new PyDict();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      put(dict, value(keysAndValues[i]), value(keysAndValues[i + 1]));
    }
    return dict;
  }

  /** Sets what can be a key. */
  static void put(PyDict dict, Object key, Object value) {
    try {
      dict.put(key, value);
    } catch (PickleException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static PyList list(Object... items) {
    PyList list = new PyList();
    for (Object item : items) {
      list.add(value(item));
    }
    return list;
  }

  static PyTuple tuple(Object... items) {
    return new PyTuple(List.copyOf(list(items).items()));
  }

  static PySet set(Object... items) {
    PySet set = new PySet();
    try {
      for (Object item : items) {
        set.add(value(item));
      }
    } catch (PickleException e) {
      throw new IllegalArgumentException(e);
    }
    return set;
  }

  static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.wrap(bytes);
  }

  /** A contiguous tensor of zeros. */
  static TensorValue tensor(DType dtype, long... shape) {
    long elements = 1;
    for (long length : shape) {
      elements *= length;
    }
    return tensor(dtype, ByteChunks.allocate(elements * dtype.byteSize()), shape);
  }

  /** A contiguous tensor at the beginning of some memory. */
  static TensorValue tensor(DType dtype, ByteChunks memory, long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    Storage storage = new Storage(memory, 0, dtype, memory.length() / dtype.byteSize(), false);
    return new TensorValue(storage, 0, shape, strides, false, false);
  }

  private static Object value(Object value) {
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }
}
