// SPDX-License-Identifier: Apache-2.0
/**
 * Reads Python pickles, protocols 0 to 5, as data: a machine that makes plain values and asks a
 * closed list for everything else. Nothing that a pickle names is ever looked up, loaded or called.
 */
@NullMarked
package io.millrace.format.pickle;

import org.jspecify.annotations.NullMarked;
