// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every name that a torch file may contain, and what is done where it is called. Nothing is looked
 * up anywhere else.
 */
final class ClosedList {

  static final TorchConstant NDARRAY = new TorchConstant("numpy.ndarray");

  private static final Map<String, Map<String, TorchConstant>> BY_MODULE = new HashMap<>();
  private static final Map<TorchConstant, Constructor> CONSTRUCTORS = new HashMap<>();

  /** Functions that make a tensor of numbers, and call no other. */
  private static final Map<TorchConstant, Constructor> TENSOR_CONSTRUCTORS = new HashMap<>();

  /** Named, never called. */
  private static final Set<TorchConstant> FACTORIES =
      constants(
          "",
          "builtins.list",
          "builtins.tuple",
          "builtins.dict",
          "builtins.set",
          "builtins.frozenset",
          "builtins.int",
          "builtins.float",
          "builtins.complex",
          "builtins.bool",
          "builtins.str",
          "builtins.bytes",
          "collections.OrderedDict",
          "collections.defaultdict");

  private static final Set<TorchConstant> LAYOUTS =
      constants(
          "torch.",
          "strided",
          "sparse_coo",
          "sparse_csr",
          "sparse_csc",
          "sparse_bsr",
          "sparse_bsc");

  private static final Set<TorchConstant> TENSOR_TYPES =
      constants("torch.", "Tensor", "_tensor.Tensor", "tensor.Tensor", "nn.parameter.Parameter");

  static {
    builtins();
    call("collections", "OrderedDict", BuiltinCalls::dict);
    call("collections", "defaultdict", BuiltinCalls::defaultDict);
    call("_codecs", "encode", BuiltinCalls::encode);
    torchNames();
    torchFunctions();
    numpy("numpy.core");
    numpy("numpy._core");
    put("numpy", "ndarray", NDARRAY);
    call("numpy", "dtype", NumpyDtype::call);
  }

  private ClosedList() {}

  private static Set<TorchConstant> constants(String prefix, String... names) {
    TorchConstant[] constants = new TorchConstant[names.length];
    for (int i = 0; i < names.length; i++) {
      constants[i] = new TorchConstant(prefix + names[i]);
    }
    return Set.of(constants);
  }

  private static void builtins() {
    for (String module : new String[] {"builtins", "__builtin__"}) {
      builtin(module, "set", BuiltinCalls::set);
      builtin(module, "frozenset", BuiltinCalls::set);
      builtin(module, "list", BuiltinCalls::list);
      builtin(module, "tuple", BuiltinCalls::tuple);
      builtin(module, "dict", BuiltinCalls::dict);
      builtin(module, "complex", BuiltinCalls::complex);
      builtin(module, "bytes", BuiltinCalls::bytes);
      builtin(module, "bytearray", BuiltinCalls::byteArray);
      for (String name : new String[] {"int", "float", "str", "bool"}) {
        put(module, name, new TorchConstant("builtins." + name));
      }
    }
    // Python 3 writes the names of Python 2 up to protocol 2, which is torch's
    put("__builtin__", "long", new TorchConstant("builtins.int"));
    put("__builtin__", "unicode", new TorchConstant("builtins.str"));
  }

  private static void builtin(String module, String name, Constructor constructor) {
    TorchConstant constant = new TorchConstant("builtins." + name);
    put(module, name, constant);
    CONSTRUCTORS.put(constant, constructor);
  }

  private static void torchNames() {
    StorageTypes.names().forEach(ClosedList::put);
    name("torch.storage", "TypedStorage", "_TypedStorage");
    TorchDtype.all().forEach((name, dtype) -> put("torch", name, dtype.constant()));
    LAYOUTS.forEach(constant -> put(constant.text()));
    TENSOR_TYPES.forEach(constant -> put(constant.text()));
    name("torch", "preserve_format", "contiguous_format", "channels_last", "channels_last_3d");
    name("torch", "per_tensor_affine", "per_tensor_symmetric");
    name("torch", "per_channel_affine", "per_channel_symmetric");
    name("torch", "per_channel_affine_float_qparams");
    call("torch", "Size", BuiltinCalls::size);
    call("torch", "device", BuiltinCalls::device);
    call("torch.serialization", "_get_layout", BuiltinCalls::layout);
  }

  private static void torchFunctions() {
    tensorCall("_rebuild_tensor", TensorCalls::rebuild);
    tensorCall("_rebuild_tensor_v2", TensorCalls::rebuildV2);
    tensorCall("_rebuild_tensor_v3", TensorCalls::rebuildV3);
    tensorCall("_rebuild_qtensor", QuantisedCalls::rebuild);
    tensorCall("_rebuild_sparse_tensor", SparseCalls::rebuild);
    tensorCall("_rebuild_sparse_csr_tensor", SparseCalls::rebuild);
    tensorCall("_rebuild_device_tensor_from_numpy", TensorCalls::fromNumpy);
    tensorCall("_rebuild_parameter", TensorCalls::parameter);
    tensorCall("_rebuild_parameter_with_state", TensorCalls::parameterWithState);
    call("torch._tensor", "_rebuild_from_type_v2", TensorCalls::fromType);
    call("torch._tensor", "_rebuild_from_type", TensorCalls::fromType);
    call("torch.tensor", "_rebuild_from_type", TensorCalls::fromType);
  }

  private static void numpy(String core) {
    call(core + ".multiarray", "_reconstruct", NumpyArrays::reconstruct);
    call(core + ".multiarray", "scalar", NumpyArrays::scalar);
    call(core + ".multiarray", "_frombuffer", NumpyArrays::fromBuffer);
    call(core + ".numeric", "_frombuffer", NumpyArrays::fromBuffer);
  }

  private static void tensorCall(String name, Constructor constructor) {
    call("torch._utils", name, constructor);
    TENSOR_CONSTRUCTORS.put(new TorchConstant("torch._utils." + name), constructor);
  }

  private static void call(String module, String name, Constructor constructor) {
    TorchConstant constant = new TorchConstant(module + "." + name);
    put(module, name, constant);
    CONSTRUCTORS.put(constant, constructor);
  }

  private static void name(String module, String... names) {
    for (String name : names) {
      put(module + "." + name);
    }
  }

  private static void put(String text) {
    int dot = text.lastIndexOf('.');
    put(text.substring(0, dot), text.substring(dot + 1), new TorchConstant(text));
  }

  private static void put(String module, String name, TorchConstant constant) {
    BY_MODULE.computeIfAbsent(module, m -> new HashMap<>()).put(name, constant);
  }

  /** What a name stands for. */
  static TorchConstant find(String module, String name) throws PickleException {
    TorchConstant constant = BY_MODULE.getOrDefault(module, Map.of()).get(name);
    if (constant != null) {
      return constant;
    }
    String full = module + "." + name;
    String reason = RefusedNames.reason(full);
    throw new PickleException(
        "it names "
            + Quoted.plain(full)
            + (reason == null
                ? ", which is not among the constructors that a torch file may name"
                : ": " + reason));
  }

  /** What a call of a name does, null if it may not be called. */
  static @Nullable Constructor constructor(TorchConstant constant) {
    return CONSTRUCTORS.get(constant);
  }

  /** The same, null if the name is of no function that makes a tensor. */
  static @Nullable Constructor tensorConstructor(TorchConstant constant) {
    return TENSOR_CONSTRUCTORS.get(constant);
  }

  /** Whether a name is of a type whose instances are tensors and nothing more. */
  static boolean isTensorType(TorchConstant constant) {
    return TENSOR_TYPES.contains(constant);
  }

  static boolean isLayout(TorchConstant constant) {
    return LAYOUTS.contains(constant);
  }

  /** Whether a name is of a type that may make a {@code defaultdict}'s missing values. */
  static boolean isFactory(TorchConstant constant) {
    return FACTORIES.contains(constant);
  }
}
