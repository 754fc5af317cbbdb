// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;

/**
 * Where bytes come from, for messages.
 *
 * @param object the stored object
 * @param inflated whether offsets count in what it inflates to
 */
record Source(ObjectLocation object, boolean inflated) {

  CorruptObjectException corrupt(long offset, String problem) {
    return new CorruptObjectException(object, offset, said(problem));
  }

  CorruptObjectException corrupt(long offset, String problem, Throwable cause) {
    return new CorruptObjectException(object, offset, said(problem), cause);
  }

  private String said(String problem) {
    return inflated ? "in the inflated bytes: " + problem : problem;
  }
}
