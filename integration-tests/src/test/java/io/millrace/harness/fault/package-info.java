// SPDX-License-Identifier: Apache-2.0
/**
 * Origins that misbehave as they are told: a proxy in front of an HTTP server, and a file system
 * around another one. Rules say which requests meet which fault; the same seed and the same
 * requests meet the same faults.
 */
@NullMarked
package io.millrace.harness.fault;

import org.jspecify.annotations.NullMarked;
