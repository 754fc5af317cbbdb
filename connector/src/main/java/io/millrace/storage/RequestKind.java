// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/** What can be asked of a store. */
public enum RequestKind {
  LIST,
  STATUS,
  OPEN,
  READ
}
