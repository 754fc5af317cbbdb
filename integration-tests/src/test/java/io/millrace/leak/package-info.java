// SPDX-License-Identifier: Apache-2.0
/** What jobs from a user jar leave behind in a cluster. */
@NullMarked
package io.millrace.leak;

import org.jspecify.annotations.NullMarked;
