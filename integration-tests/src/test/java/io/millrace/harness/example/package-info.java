// SPDX-License-Identifier: Apache-2.0
/** Three short tests that show what the harness is for; docs/harness.md shows them. */
@NullMarked
package io.millrace.harness.example;

import org.jspecify.annotations.NullMarked;
