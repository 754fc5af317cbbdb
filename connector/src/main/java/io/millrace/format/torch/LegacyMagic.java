// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.CorruptObjectException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Tells files of the legacy layout by how they begin, and others by how those do. */
final class LegacyMagic {

  /** The number that the first pickle consists of. */
  static final BigInteger NUMBER = new BigInteger("1950a86a20f9469cfc6c", 16);

  /** How protocols from 2 on write it: behind PROTO, from protocol 4 on behind FRAME as well. */
  private static final byte[] BINARY = HexFormat.of().parseHex("8a0a6cfc9c46f9206aa85019");

  private static final byte[] TEXT = ascii("L" + NUMBER + "L\n");

  private static final int LOOKED_AT = 264;
  private static final int PROTO = 0x80;

  /** A kind of files, and the bytes that they have at an offset. */
  private record Kind(int offset, byte[] bytes, String description) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(257, ascii("ustar"), "a tar archive, as torch wrote before version 0.1.10"),
          new Kind(0, hex("28b52ffd"), "compressed by zstd, which its name does not say"),
          new Kind(0, hex("1f8b"), "compressed by gzip"),
          new Kind(0, hex("89484446"), "an HDF5 file"),
          new Kind(0, hex("934e554d5059"), "a file of NumPy's"),
          new Kind(0, ascii("PK"), "a zip archive without any record"),
          new Kind(8, ascii("{\""), "perhaps a safetensors file"));

  private LegacyMagic() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** Refuses a file that does not begin as one of the legacy layout does. */
  static void check(FileBytes file) throws CorruptObjectException {
    byte[] start = file.bytes().copy(0, (int) Math.min(LOOKED_AT, file.length()));
    if (has(start, 0, TEXT) || has(start, 2, BINARY) || has(start, 11, BINARY)) {
      return;
    }
    throw file.corrupt(0, problem(start));
  }

  private static String problem(byte[] start) {
    if (start.length == 0) {
      return "the file is empty";
    }
    for (Kind kind : KINDS) {
      if (has(start, kind.offset(), kind.bytes())) {
        return "not a file that is read here, but " + kind.description() + ": use torch.save";
      }
    }
    if ((start[0] & 0xff) == PROTO && start.length > 1 && start[1] >= 0 && start[1] <= 5) {
      return "the file begins with a pickle, but without the number that torch.save writes first:"
          + " use torch.save, not pickle.dump";
    }
    String bytes = HexFormat.of().formatHex(start, 0, Math.min(4, start.length));
    return "not a file of torch.save: it begins with 0x" + bytes;
  }

  private static boolean has(byte[] start, int offset, byte[] bytes) {
    return start.length >= offset + bytes.length
        && Arrays.equals(start, offset, offset + bytes.length, bytes, 0, bytes.length);
  }
}
