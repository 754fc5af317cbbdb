// SPDX-License-Identifier: Apache-2.0
/**
 * Jobs to try Millrace with: the quickstart, which shows and measures it, and the snippets of the
 * documentation.
 */
@NullMarked
package io.millrace.examples;

import org.jspecify.annotations.NullMarked;
