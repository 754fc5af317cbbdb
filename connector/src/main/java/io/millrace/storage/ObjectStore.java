// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;

/**
 * A place that holds immutable objects. Thread-safe. Every method may block on the network; an
 * interrupt ends it with an {@link java.io.InterruptedIOException}.
 *
 * <p>A missing object is a {@link java.io.FileNotFoundException} that names it.
 */
public interface ObjectStore {

  /**
   * The direct children of a directory, in order of their names by UTF-16 code unit.
   *
   * @throws java.io.FileNotFoundException if there is no such directory
   */
  List<ObjectStatus> list(ObjectLocation directory) throws IOException;

  /**
   * Length and version of one object.
   *
   * @throws java.io.FileNotFoundException if there is no such object
   */
  ObjectStatus status(ObjectLocation object) throws IOException;

  /** Opens an object for ranged reads. The caller closes the reader. May be lazy about failing. */
  RangeReader open(ObjectLocation object) throws IOException;
}
