// SPDX-License-Identifier: Apache-2.0
/** Real Flink clusters for tests: a JobManager and TaskManagers in processes of their own. */
@NullMarked
package io.millrace.harness.flink;

import org.jspecify.annotations.NullMarked;
