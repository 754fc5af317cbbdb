// SPDX-License-Identifier: Apache-2.0
/**
 * A store that is as slow as one across a network: local files behind a file system of Flink's that
 * waits at each request and counts what it was asked for.
 */
@NullMarked
package io.millrace.examples.origin;

import org.jspecify.annotations.NullMarked;
