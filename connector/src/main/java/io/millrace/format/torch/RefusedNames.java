// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that real files contain and that are refused nevertheless, and why. */
final class RefusedNames {

  private static final String NOT_SUPPORTED = " are not supported";

  private static final Map<String, String> REASONS =
      Map.of(
          "torch._utils._rebuild_meta_tensor_no_storage", "meta tensors have no elements",
          "torch._utils._rebuild_nested_tensor", "nested tensors" + NOT_SUPPORTED,
          "torch._utils._rebuild_wrapper_subclass", "tensors of other classes" + NOT_SUPPORTED,
          "torch._utils._rebuild_xla_tensor", "XLA tensors of old versions" + NOT_SUPPORTED,
          "torch._utils._rebuild_device_tensor_from_cpu_tensor",
              "tensors of devices that torch itself does not know" + NOT_SUPPORTED,
          "torch.storage._load_from_bytes",
              "tensors that were pickled without torch.save" + NOT_SUPPORTED,
          "builtins.slice", "slices" + NOT_SUPPORTED,
          "__builtin__.slice", "slices" + NOT_SUPPORTED);

  private RefusedNames() {}

  /** Why a name is refused, null if there is nothing to say about it. */
  static @Nullable String reason(String name) {
    return REASONS.get(name);
  }
}
