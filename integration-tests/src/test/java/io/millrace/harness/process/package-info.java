// SPDX-License-Identifier: Apache-2.0
/** Java processes that tests start: they never outlive the JVM that started them. */
@NullMarked
package io.millrace.harness.process;

import org.jspecify.annotations.NullMarked;
