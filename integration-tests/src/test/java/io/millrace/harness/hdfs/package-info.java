// SPDX-License-Identifier: Apache-2.0
/** A real HDFS in the test's process. */
@NullMarked
package io.millrace.harness.hdfs;

import org.jspecify.annotations.NullMarked;
