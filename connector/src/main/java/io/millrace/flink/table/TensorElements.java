// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import org.apache.flink.table.data.GenericArrayData;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a tensor, in C order. Whole numbers stay exact; floats are converted, and rounded
 * where the array's are narrower.
 */
enum TensorElements implements ColumnValue {
  BOOLEAN(1) {
    @Override
    GenericArrayData array(Tensor tensor) {
      boolean[] elements = new boolean[count(tensor)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = tensor.data().byteAt(i) != 0;
      }
      return new GenericArrayData(elements);
    }
  },
  TINYINT(8) {
    @Override
    GenericArrayData array(Tensor tensor) {
      byte[] elements = new byte[count(tensor)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (byte) tensor.getLong(i);
      }
      return new GenericArrayData(elements);
    }
  },
  SMALLINT(16) {
    @Override
    GenericArrayData array(Tensor tensor) {
      short[] elements = new short[count(tensor)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (short) tensor.getLong(i);
      }
      return new GenericArrayData(elements);
    }
  },
  INTEGER(32) {
    @Override
    GenericArrayData array(Tensor tensor) {
      int[] elements = new int[count(tensor)];
      if (tensor.dtype() == DType.INT32) {
        tensor.asIntBuffer().get(elements);
      } else {
        for (int i = 0; i < elements.length; i++) {
          elements[i] = (int) tensor.getLong(i);
        }
      }
      return new GenericArrayData(elements);
    }
  },
  BIGINT(64) {
    @Override
    GenericArrayData array(Tensor tensor) {
      try {
        return new GenericArrayData(tensor.toLongArray());
      } catch (ArithmeticException e) {
        throw new UnfitValueException(
            e.getMessage()
                + ", which BIGINT cannot hold: declare the column as ARRAY<DOUBLE> or BYTES");
      }
    }
  },
  FLOAT(0) {
    @Override
    GenericArrayData array(Tensor tensor) {
      return new GenericArrayData(tensor.toFloatArray());
    }
  },
  DOUBLE(0) {
    @Override
    GenericArrayData array(Tensor tensor) {
      return new GenericArrayData(tensor.toDoubleArray());
    }
  };

  /** Bits of the whole numbers that an element holds; 0 for floats. */
  private final int bits;

  TensorElements(int bits) {
    this.bits = bits;
  }

  abstract GenericArrayData array(Tensor tensor);

  private static int count(Tensor tensor) {
    return Math.toIntExact(tensor.elementCount());
  }

  /** Whether tensors of this dtype can be such arrays; of an open one each is checked. */
  boolean takes(@Nullable DType dtype) {
    if (dtype == null) {
      return true;
    }
    if (this == BOOLEAN) {
      return dtype == DType.BOOL;
    }
    return bits == 0 ? !dtype.isComplex() : dtype.isInteger() && bitsOf(dtype) <= bits;
  }

  /** Of uint64 the upper half does not fit BIGINT, which shows when a value is read. */
  private static int bitsOf(DType dtype) {
    return switch (dtype) {
      case BOOL -> 2;
      case UINT8 -> 9;
      case UINT16 -> 17;
      case UINT32 -> 33;
      default -> 8 * dtype.byteSize();
    };
  }

  @Override
  public Object ofTensor(DType dtype, long[] shape, byte[] data) {
    Tensor tensor = new Tensor(dtype, shape, Bytes.wrap(data));
    if (!takes(dtype)) {
      throw new UnfitValueException(
          tensor
              + " does not fit ARRAY<"
              + this
              + ">: declare the column as ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>");
    }
    return array(tensor);
  }
}
