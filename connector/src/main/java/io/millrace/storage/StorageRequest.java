// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/**
 * One request, as messages name it.
 *
 * @param position first byte of a read, else 0
 * @param length bytes of a read, else 0
 */
public record StorageRequest(
    RequestKind kind, ObjectLocation location, long position, long length) {

  static StorageRequest list(ObjectLocation directory) {
    return new StorageRequest(RequestKind.LIST, directory, 0, 0);
  }

  static StorageRequest status(ObjectLocation object) {
    return new StorageRequest(RequestKind.STATUS, object, 0, 0);
  }

  static StorageRequest open(ObjectLocation object) {
    return new StorageRequest(RequestKind.OPEN, object, 0, 0);
  }

  /** A read of some bytes. */
  public static StorageRequest read(ObjectLocation object, long position, long length) {
    return new StorageRequest(RequestKind.READ, object, position, length);
  }

  /** The request in words that follow "Cannot". */
  @Override
  public String toString() {
    return switch (kind) {
      case LIST -> "list " + location;
      case STATUS -> "read the status of " + location;
      case OPEN -> "open " + location;
      case READ -> "read " + length + " bytes at " + position + " of " + location;
    };
  }
}
