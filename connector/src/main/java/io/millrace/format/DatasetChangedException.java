// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A dataset to which shards may be added was changed in another way. To look again does not help.
 */
public final class DatasetChangedException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param root of the dataset
   * @param what changed, with the name of the object
   */
  public DatasetChangedException(ObjectLocation root, String what, @Nullable Throwable cause) {
    super("Cannot go on reading " + root + ": dataset changed: " + what, cause);
  }

  public DatasetChangedException(ObjectLocation root, String what) {
    this(root, what, null);
  }
}
