// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModuleFactory;
import org.apache.flink.table.module.Module;

/** Makes the module of {@code LOAD MODULE millrace}; found by Flink through ServiceLoader. */
@Internal
public final class MillraceModuleFactory implements ModuleFactory {

  @Override
  public String factoryIdentifier() {
    return MillraceModule.IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public Module createModule(Context context) {
    FactoryUtil.createModuleFactoryHelper(this, context).validate();
    return new MillraceModule();
  }
}
