// SPDX-License-Identifier: Apache-2.0
/** The source in real Flink jobs: failover, restore, rescaling, stores. */
@NullMarked
package io.millrace.source;

import org.jspecify.annotations.NullMarked;
