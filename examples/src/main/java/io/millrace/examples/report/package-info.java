// SPDX-License-Identifier: Apache-2.0
/** Figures of scans as tables and sentences. */
@NullMarked
package io.millrace.examples.report;

import org.jspecify.annotations.NullMarked;
