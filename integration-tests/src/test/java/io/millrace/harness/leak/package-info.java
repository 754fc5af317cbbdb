// SPDX-License-Identifier: Apache-2.0
/** What a test leaves behind in a JVM: threads, descriptors, files, class loaders. */
@NullMarked
package io.millrace.harness.leak;

import org.jspecify.annotations.NullMarked;
