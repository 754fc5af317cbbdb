// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.util.Locale;

/** What a disk's errors mean; Java has no types for them. */
final class DiskErrors {

  private DiskErrors() {}

  /** Whether there is no room, in the words of Linux, macOS and Windows. */
  static boolean isFull(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left")
        || message.contains("quota exceeded")
        || message.contains("not enough space");
  }
}
