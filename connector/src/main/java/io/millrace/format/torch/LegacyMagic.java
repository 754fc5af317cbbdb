// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.CorruptObjectException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Tells files of the legacy layout by how they begin, and others by how those do. */
final class LegacyMagic {

  /** The number that the first pickle consists of. */
  static final BigInteger NUMBER = new BigInteger("1950a86a20f9469cfc6c", 16);

  /** How protocols from 2 on write it: behind PROTO, from protocol 4 on behind FRAME as well. */
  private static final String BINARY = bytes("8a0a6cfc9c46f9206aa85019");

  private static final String TEXT = "L" + NUMBER + "L\n";

  private static final int LOOKED_AT = 264;

  /** A kind of files, and the bytes that they have at an offset, a character each. */
  private record Kind(int offset, String bytes, String description) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(257, "ustar", "a tar archive, as torch wrote before version 0.1.10"),
          new Kind(0, bytes("28b52ffd"), "compressed by zstd, which its name does not say"),
          new Kind(0, bytes("1f8b"), "compressed by gzip"),
          new Kind(0, bytes("89484446"), "an HDF5 file"),
          new Kind(0, bytes("934e554d5059"), "a file of NumPy's"),
          new Kind(0, "PK", "a zip archive without any record"),
          new Kind(8, "{\"", "perhaps a safetensors file"));

  private LegacyMagic() {}

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  /** Refuses a file that does not begin as one of the legacy layout does. */
  static void check(FileBytes file) throws CorruptObjectException {
    byte[] bytes = file.bytes().copy(0, (int) Math.min(LOOKED_AT, file.length()));
    String start = new String(bytes, StandardCharsets.ISO_8859_1);
    if (start.startsWith(TEXT) || start.startsWith(BINARY, 2) || start.startsWith(BINARY, 11)) {
      return;
    }
    throw file.corrupt(0, problem(start, bytes));
  }

  private static String problem(String start, byte[] bytes) {
    if (bytes.length == 0) {
      return "the file is empty";
    }
    for (Kind kind : KINDS) {
      if (start.startsWith(kind.bytes(), kind.offset())) {
        return "not a file that is read here, but " + kind.description() + ": use torch.save";
      }
    }
    if (start.charAt(0) == '\u0080' && start.length() > 1 && start.charAt(1) <= 5) {
      return "the file begins with a pickle, but without the number that torch.save writes first:"
          + " use torch.save, not pickle.dump";
    }
    return "not a file of torch.save: it begins with 0x"
        + HexFormat.of().formatHex(bytes, 0, Math.min(4, bytes.length));
  }
}
