// SPDX-License-Identifier: Apache-2.0
/**
 * What an origin was asked for: requests and bytes by operation and object, as the server saw them.
 */
@NullMarked
package io.millrace.harness.meter;

import org.jspecify.annotations.NullMarked;
