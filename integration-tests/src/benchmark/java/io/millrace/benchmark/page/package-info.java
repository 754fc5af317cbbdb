// SPDX-License-Identifier: Apache-2.0
/**
 * Writes figures as one HTML file that needs nothing else: charts as inline SVG, each with the
 * table of its values. Knows nothing of what is measured.
 */
@NullMarked
package io.millrace.benchmark.page;

import org.jspecify.annotations.NullMarked;
