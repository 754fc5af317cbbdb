// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.module.Module;

/**
 * The functions on tensors and images, for {@code LOAD MODULE millrace} or {@code
 * TableEnvironment.loadModule}. docs/sql.md says what each one does.
 */
@PublicEvolving
public final class MillraceModule implements Module {
  /** The name by which {@code LOAD MODULE} finds this module. */
  public static final String IDENTIFIER = "millrace";

  private static final Map<String, FunctionDefinition> FUNCTIONS = functions();

  /** Makes the module; it has no options. */
  public MillraceModule() {}

  private static Map<String, FunctionDefinition> functions() {
    Map<String, FunctionDefinition> functions = new LinkedHashMap<>();
    functions.put(TensorShapeFunction.NAME, new TensorShapeFunction());
    functions.put(TensorElementFunction.NAME, new TensorElementFunction());
    functions.put(TensorSliceFunction.NAME, new TensorSliceFunction());
    functions.put(TensorToArrayFunction.NAME, new TensorToArrayFunction());
    functions.put(TensorFromArrayFunction.NAME, new TensorFromArrayFunction());
    functions.put(TensorCastFunction.NAME, new TensorCastFunction());
    functions.put(ImageToTensorFunction.NAME, new ImageToTensorFunction());
    return Collections.unmodifiableMap(functions);
  }

  @Override
  public Set<String> listFunctions() {
    return FUNCTIONS.keySet();
  }

  /** Returns a function by its name in either case. */
  @Override
  public Optional<FunctionDefinition> getFunctionDefinition(String name) {
    return Optional.ofNullable(FUNCTIONS.get(name.toUpperCase(Locale.ROOT)));
  }
}
