// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * JDK 17 remembers, in static method handles of {@link ObjectMethods}, the class of the component
 * that it linked last of all records' {@code equals} and {@code hashCode}, and so one class loader
 * of the whole process, until the next record comes. That is no leak of whom the record belongs to:
 * here a record of the tests comes.
 */
record LastRecord(LastRecord.Component component) {

  /** Has no meaning but its class. */
  record Component() {}

  static void displace() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      MethodHandle getter =
          lookup.findVirtual(LastRecord.class, "component", MethodType.methodType(Component.class));
      link(
          lookup,
          "equals",
          MethodType.methodType(boolean.class, LastRecord.class, Object.class),
          getter);
      link(lookup, "hashCode", MethodType.methodType(int.class, LastRecord.class), getter);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot link a record's methods", e);
    }
  }

  private static void link(
      MethodHandles.Lookup lookup, String method, MethodType type, MethodHandle getter)
      throws ReflectiveOperationException {
    try {
      Object unused =
          ObjectMethods.bootstrap(lookup, method, type, LastRecord.class, "component", getter);
    } catch (ReflectiveOperationException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot link " + method, e);
    }
  }
}
