// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;

/**
 * A request that fails however often it is sent: an unknown scheme, a directory where an object is
 * needed, a name that the store cannot have, a refusal for other reasons than load. Stores throw it
 * so that nothing waits for retries. A missing object is a {@link java.io.FileNotFoundException}, a
 * refused one an {@link java.nio.file.AccessDeniedException}; they are permanent too.
 */
public final class PermanentStorageException extends IOException {

  private static final long serialVersionUID = 1L;

  public PermanentStorageException(String message) {
    super(message);
  }

  public PermanentStorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
