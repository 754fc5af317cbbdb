// SPDX-License-Identifier: Apache-2.0
/** What a job emitted, kept exactly once, and compared with what it had to emit. */
@NullMarked
package io.millrace.harness.ledger;

import org.jspecify.annotations.NullMarked;
