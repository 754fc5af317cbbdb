// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;

/**
 * A place that holds immutable objects. Thread-safe. Every method may block on the network; an
 * interrupt ends it with an {@link java.io.InterruptedIOException} and leaves the thread's
 * interrupt flag set.
 *
 * <p>A missing object is a {@link java.io.FileNotFoundException} that names it, one that may not be
 * read an {@link java.nio.file.AccessDeniedException}; what else is bound to fail again is a {@link
 * PermanentStorageException}, too many requests a {@link ThrottledException}. Any other {@link
 * IOException} may pass when the request is repeated. Messages hold no credentials.
 */
public interface ObjectStore {

  /**
   * The direct children of a directory, in order of their names by UTF-16 code unit.
   *
   * @throws java.io.FileNotFoundException if there is no such directory
   */
  List<ObjectStatus> list(ObjectLocation directory) throws IOException;

  /**
   * Length and version of one object, asked from the store anew each time; or that there is a
   * directory, where the store has directories.
   *
   * @throws java.io.FileNotFoundException if there is neither
   */
  ObjectStatus status(ObjectLocation object) throws IOException;

  /**
   * The status of an object that the caller saw at a version. Where several places hold the object,
   * it is that at the first one whose version agrees.
   *
   * <p>A decorator passes the version on.
   *
   * @throws java.io.FileNotFoundException if there is neither object nor directory
   * @throws ObjectChangedException if there are several places and none agrees; where there is one,
   *     the caller compares
   */
  default ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return status(object);
  }

  /**
   * Opens an object for ranged reads. The caller closes the reader. May be lazy about failing.
   *
   * @throws PermanentStorageException if it is a directory
   */
  RangeReader open(ObjectLocation object) throws IOException;

  /**
   * Opens an object that the caller saw at a version: what the store keeps open of versions that do
   * not agree with it is not used. Where the object has changed since, the reader is of what is
   * there now, which the caller finds out by {@link #status(ObjectLocation, ObjectVersion)} or by
   * the bytes.
   *
   * <p>A decorator passes the version on.
   *
   * @throws PermanentStorageException if it is a directory
   * @throws ObjectChangedException if several places hold the object and none has that version
   */
  default RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return open(object);
  }
}
