// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.DType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dtype of torch's.
 *
 * @param constant its name, such as {@code torch.qint8}
 * @param dtype how its elements are stored, null where they are not whole bytes
 * @param quantised whether elements are integers that stand for other numbers
 */
record TorchDtype(TorchConstant constant, @Nullable DType dtype, boolean quantised) {

  private static final Map<String, TorchDtype> BY_NAME = new HashMap<>();

  private static final Map<TorchConstant, TorchDtype> BY_CONSTANT = new HashMap<>();

  static {
    for (DType dtype : DType.values()) {
      add(new TorchDtype(new TorchConstant("torch." + dtype.label()), dtype, false));
    }
    quantised("quint8", DType.UINT8);
    quantised("qint8", DType.INT8);
    quantised("qint32", DType.INT32);
    quantised("quint4x2", null);
    quantised("quint2x4", null);
    packed("bits1x8", "bits2x4", "bits4x2", "bits8", "bits16");
    packed("uint1", "uint2", "uint3", "uint4", "uint5", "uint6", "uint7");
    packed("int1", "int2", "int3", "int4", "int5", "int6", "int7");
    packed("float8_e8m0fnu", "float4_e2m1fn_x2");
    alias("float", "float32");
    alias("double", "float64");
    alias("half", "float16");
    alias("long", "int64");
    alias("int", "int32");
    alias("short", "int16");
    alias("chalf", "complex32");
    alias("cfloat", "complex64");
    alias("cdouble", "complex128");
  }

  private static void add(TorchDtype dtype) {
    BY_NAME.put(dtype.constant.text().substring("torch.".length()), dtype);
    BY_CONSTANT.put(dtype.constant, dtype);
  }

  private static void quantised(String name, @Nullable DType dtype) {
    add(new TorchDtype(new TorchConstant("torch." + name), dtype, true));
  }

  /** Dtypes that {@link DType} has nothing for. */
  private static void packed(String... names) {
    for (String name : names) {
      add(new TorchDtype(new TorchConstant("torch." + name), null, false));
    }
  }

  private static void alias(String name, String of) {
    BY_NAME.put(name, named(of));
  }

  /** Names of all dtypes, without {@code torch.}, with the second names that some have. */
  static Map<String, TorchDtype> all() {
    return Map.copyOf(BY_NAME);
  }

  /** The dtype of a name that is known to be one. */
  static TorchDtype named(String name) {
    TorchDtype dtype = BY_NAME.get(name);
    if (dtype == null) {
      throw new IllegalArgumentException("Cannot find the dtype " + name);
    }
    return dtype;
  }

  /** The dtype that a constant names, null if it names something else. */
  static @Nullable TorchDtype of(TorchConstant constant) {
    return BY_CONSTANT.get(constant);
  }
}
