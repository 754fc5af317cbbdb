// SPDX-License-Identifier: Apache-2.0
/**
 * What docs/operations.md, the dashboard and the alerts say of the connector, and whether it is so.
 */
@NullMarked
package io.millrace.operations;

import org.jspecify.annotations.NullMarked;
