// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The segments of a JPEG, <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81</a>,
 * annex B. Java's reader takes a file that was cut short for a whole one, reads profiles and
 * thumbnails, and takes colours for RGB where others take them for YCbCr.
 */
final class JpegFile {
  /** More scans than any encoder writes; each may cost as much as the whole image. */
  static final int MAX_SCANS = 100;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int RST0 = 0xd0;
  private static final int RST7 = 0xd7;
  private static final int TEM = 0x01;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;

  /** Version 1.1, no density, no thumbnail. */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  private final byte[] file;
  private final ByteArrayOutputStream segments;
  private boolean jfif;
  private boolean adobe;
  private boolean rgb;
  private int scans;

  private JpegFile(byte[] file) {
    this.file = file;
    this.segments = new ByteArrayOutputStream(file.length);
  }

  static boolean is(byte[] file) {
    return file.length >= 3 && file[0] == -1 && (file[1] & 0xff) == SOI && file[2] == -1;
  }

  /**
   * Returns the image without what pixels don't depend on, so marked that its colours are taken as
   * the <a href="https://ijg.org">Independent JPEG Group's library</a>, and so PIL, takes them.
   *
   * @throws IOException if a segment is cut short, the end is missing or scans are too many
   */
  static byte[] essence(byte[] file) throws IOException {
    return new JpegFile(file).essence();
  }

  private byte[] essence() throws IOException {
    int position = 2;
    int marker = 0;
    while (marker != EOI) {
      position = nextMarker(position);
      marker = file[position] & 0xff;
      position++;
      if (marker != EOI && !isAlone(marker)) {
        position = segment(marker, position);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(segments.size() + JFIF.length + 4);
    out.write(0xff);
    out.write(SOI);
    if (jfif || (!adobe && !rgb)) {
      out.write(JFIF, 0, JFIF.length);
    }
    segments.writeTo(out);
    out.write(0xff);
    out.write(EOI);
    return out.toByteArray();
  }

  /** Returns where the code of the next marker is; other bytes are skipped, as libraries do. */
  private int nextMarker(int from) throws IOException {
    for (int i = from; i < file.length - 1; i++) {
      int code = file[i + 1] & 0xff;
      if (file[i] == -1 && code != 0 && code != 0xff) {
        return i + 1;
      }
    }
    throw new IOException(
        "Damaged JPEG: it ends at byte " + file.length + " without its end marker");
  }

  private static boolean isAlone(int marker) {
    return marker == TEM || marker == SOI || (marker >= RST0 && marker <= RST7);
  }

  /** Takes what follows a marker and returns where it ends. */
  private int segment(int marker, int start) throws IOException {
    int length = start + 2 <= file.length ? unsigned(start) : 0;
    int end = start + length;
    if (length < 2 || end > file.length) {
      throw new IOException("Damaged JPEG: the segment at byte " + (start - 2) + " is cut short");
    }
    jfif |= marker == APP0 && begins(start + 2, end, "JFIF\0");
    if (marker == APP14 && begins(start + 2, end, "Adobe")) {
      adobe = true;
    } else if ((marker >= APP0 && marker <= APP15) || marker == COM) {
      return end;
    }
    if (isFrame(marker)) {
      rgb = isRgb(start, end);
    }
    if (marker == SOS) {
      scans++;
      if (scans > MAX_SCANS) {
        throw new IOException("Cannot take a JPEG of more than " + MAX_SCANS + " scans");
      }
      end = endOfScan(end);
    }
    segments.write(file, start - 2, end - start + 2);
    return end;
  }

  /** Returns where the next marker that is none of a scan's own begins. */
  private int endOfScan(int from) throws IOException {
    int code = nextMarker(from);
    while (isAlone(file[code] & 0xff)) {
      code = nextMarker(code + 1);
    }
    return code - 1;
  }

  private boolean begins(int start, int end, String name) {
    return end - start >= name.length()
        && new String(file, start, name.length(), ISO_8859_1).equals(name);
  }

  /** SOF0 to SOF15, but for the codes that mean something else. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Whether a frame has three components that are named R, G and B. */
  private boolean isRgb(int start, int end) {
    return end - start == 17
        && file[start + 7] == 3
        && file[start + 8] == 'R'
        && file[start + 11] == 'G'
        && file[start + 14] == 'B';
  }

  private int unsigned(int position) {
    return (file[position] & 0xff) << 8 | (file[position + 1] & 0xff);
  }
}
