// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG, <a href="https://www.w3.org/TR/png-3/">PNG Specification, Third Edition</a>,
 * section 5. Java's reader does not look at their checksums, and inflates texts and profiles of any
 * size.
 */
final class PngFile {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  /** Those that pixels depend on; tRNS makes colours of a palette transparent. */
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** Length, type and checksum. */
  private static final int AROUND = 12;

  /** Where IHDR, always the first chunk, has the colour type. */
  private static final int COLOUR_TYPE = 25;

  private PngFile() {}

  static boolean is(byte[] file) {
    return file.length >= SIGNATURE.length
        && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /** Says whether a file that was checked holds greys, of any depth and without alpha. */
  static boolean isGrey(byte[] file) {
    return file[COLOUR_TYPE] == 0;
  }

  /**
   * Returns the file with the chunks only that pixels depend on.
   *
   * @throws IOException if a chunk is cut short or damaged, or the last one is missing
   */
  static byte[] essence(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
    out.write(SIGNATURE, 0, SIGNATURE.length);
    int position = SIGNATURE.length;
    String type = "";
    while (!type.equals("IEND")) {
      if (file.length - position < AROUND) {
        throw new IOException("Damaged PNG: it ends at byte " + file.length + " without IEND");
      }
      int length = in.getInt(position);
      if (length < 0 || length > file.length - position - AROUND) {
        throw new IOException("Damaged PNG: the chunk at byte " + position + " is cut short");
      }
      boolean first = type.isEmpty();
      type = new String(file, position + 4, 4, ISO_8859_1);
      CRC32 checksum = new CRC32();
      checksum.update(file, position + 4, length + 4);
      if ((int) checksum.getValue() != in.getInt(position + length + 8)) {
        throw new IOException(
            "Damaged PNG: the checksum of the chunk at byte " + position + " is another");
      }
      if (first != type.equals("IHDR")) {
        throw new IOException("Damaged PNG: chunk " + type + " at byte " + position);
      }
      if (ESSENTIAL.contains(type)) {
        out.write(file, position, length + AROUND);
      }
      position += length + AROUND;
    }
    return out.toByteArray();
  }
}
