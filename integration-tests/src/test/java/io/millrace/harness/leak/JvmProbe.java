// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks into a JVM. Every call may take a while; none changes anything but for collections. */
interface JvmProbe {

  /** The live threads. */
  List<ThreadState> threads() throws IOException;

  /** The targets of open descriptors, each as often as it is open; empty if it cannot be told. */
  Optional<Map<String, Integer>> descriptors() throws IOException;

  /** Files and directories that the JVM loads its own classes from, and opens when it does. */
  Set<String> classPath() throws IOException;

  /** Collects garbage, then counts instances of classes, by name. */
  Map<String, Long> instances() throws IOException;
}
