// SPDX-License-Identifier: Apache-2.0
/** The source on real clusters, with real stores, while processes are killed. */
@NullMarked
package io.millrace.cluster;

import org.jspecify.annotations.NullMarked;
