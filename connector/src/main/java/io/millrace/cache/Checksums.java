// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.util.zip.CRC32C;

/** Checksums of runs of bytes. */
final class Checksums {

  private Checksums() {}

  static int crc32c(ByteChunks bytes) {
    CRC32C crc = new CRC32C();
    for (ByteChunks.Segment s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      crc.update(s.array(), s.offset(), s.length());
    }
    return (int) crc.getValue();
  }
}
