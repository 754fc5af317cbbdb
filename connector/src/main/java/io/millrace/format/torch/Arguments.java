// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PyNone;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.Tensor;
import java.math.BigInteger;

/**
 * The arguments of a call, or other values that must come in a certain form.
 *
 * @param of what they are passed to, for messages
 * @param values the arguments
 */
record Arguments(String of, PyTuple values) {

  int count() {
    return values.size();
  }

  /** Checks how many there are. */
  void expect(int least, int most) throws PickleException {
    if (count() < least || count() > most) {
      throw new PickleException(
          of
              + " is passed "
              + count()
              + " values where it takes "
              + (least == most ? least : least + " to " + most));
    }
  }

  Object get(int index) {
    return values.get(index);
  }

  boolean isNone(int index) {
    return get(index) == PyNone.NONE;
  }

  long number(int index) throws PickleException {
    if (get(index) instanceof Long number) {
      return number;
    }
    throw wrong(index, "a whole number of 64 bits");
  }

  boolean flag(int index) throws PickleException {
    if (get(index) instanceof Boolean flag) {
      return flag;
    }
    // Python 2 and NumPy's C code write 0 and 1
    if (get(index) instanceof Long number && (number == 0 || number == 1)) {
      return number == 1;
    }
    throw wrong(index, "a bool");
  }

  double real(int index) throws PickleException {
    if (get(index) instanceof Double number) {
      return number;
    }
    return number(index);
  }

  String text(int index) throws PickleException {
    if (get(index) instanceof String text) {
      return text;
    }
    throw wrong(index, "a str");
  }

  Bytes bytes(int index) throws PickleException {
    if (get(index) instanceof Bytes bytes) {
      return bytes;
    }
    throw wrong(index, "bytes");
  }

  PyTuple tuple(int index) throws PickleException {
    if (get(index) instanceof PyTuple tuple) {
      return tuple;
    }
    throw wrong(index, "a tuple");
  }

  /** A tuple, as arguments of the same callable. */
  Arguments nested(int index) throws PickleException {
    return new Arguments(of, tuple(index));
  }

  TensorValue tensor(int index) throws PickleException {
    if (get(index) instanceof TensorValue tensor) {
      return tensor;
    }
    throw wrong(index, "a tensor");
  }

  TorchConstant constant(int index) throws PickleException {
    if (get(index) instanceof TorchConstant constant) {
      return constant;
    }
    throw wrong(index, "a name that may stand there");
  }

  /** A tuple of whole numbers, one for each of a tensor's dimensions. */
  long[] numbers(int index) throws PickleException {
    PyTuple tuple = tuple(index);
    if (tuple.size() > Tensor.MAX_RANK) {
      throw new PickleException(
          of
              + " is passed "
              + tuple.size()
              + " dimensions where "
              + Tensor.MAX_RANK
              + " are the most");
    }
    long[] numbers = new long[tuple.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(tuple.get(i) instanceof Long number)) {
        throw wrong(index, "a tuple of whole numbers");
      }
      numbers[i] = number;
    }
    return numbers;
  }

  /** Checks that there are no hooks, which torch no longer writes. */
  void expectNoHooks(int index) throws PickleException {
    boolean none = isNone(index) || (get(index) instanceof PyDict d && d.items().isEmpty());
    if (!none) {
      throw wrong(index, "an empty dict of hooks");
    }
  }

  PickleException wrong(int index, String wanted) {
    return new PickleException(
        of
            + " is passed "
            + typeOf(get(index))
            + " as value "
            + (index + 1)
            + " where it takes "
            + wanted);
  }

  /** A value's type, as Python names it. */
  static String typeOf(Object value) {
    if (value instanceof TorchConstant constant) {
      return constant.text();
    }
    if (value instanceof TensorValue || value instanceof NumpyScalar) {
      return value instanceof TensorValue ? "a tensor" : "a number of NumPy's";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "an int";
    }
    if (value instanceof PyTuple || value instanceof PyList) {
      return value instanceof PyTuple ? "a tuple" : "a list";
    }
    if (value instanceof PyDict || value instanceof PySet) {
      return value instanceof PyDict ? "a dict" : "a set";
    }
    if (value instanceof Double || value instanceof Boolean) {
      return value instanceof Double ? "a float" : "a bool";
    }
    if (value instanceof Bytes || value instanceof String) {
      return value instanceof Bytes ? "bytes" : "a str";
    }
    return "None";
  }
}
