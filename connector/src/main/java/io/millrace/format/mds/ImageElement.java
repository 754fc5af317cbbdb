// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.sample.Bytes;
import io.millrace.sample.Image;
import io.millrace.storage.ByteChunks;

/** An image as a value or as an element of a list. */
@FunctionalInterface
interface ImageElement {

  /** A JPEG or PNG file, which nothing here looks into. */
  ImageElement ENCODED = (data, position, length) -> Bytes.wrap(data.copy(position, length));

  /** Pixels of the Python Imaging Library. */
  ImageElement PIL = ImageElement::decodePil;

  /** Decodes a stored image to an immutable value. */
  Object decode(ByteChunks data, long position, int length) throws MalformedValueException;

  private static Image decodePil(ByteChunks data, long position, int length)
      throws MalformedValueException {
    int header = 3 * Integer.BYTES;
    if (length < header) {
      throw new MalformedValueException(
          length, "the image ends after " + length + " bytes, within its header of " + header);
    }
    int width = data.getInt(position);
    int height = data.getInt(position + 4);
    long modeLength = data.getUnsignedInt(position + 8);
    if (width < 0 || height < 0) {
      throw new MalformedValueException(
          width < 0 ? 0 : 4,
          "an image of "
              + Integer.toUnsignedString(width)
              + " x "
              + Integer.toUnsignedString(height)
              + " pixels");
    }
    if (modeLength > length - header) {
      throw new MalformedValueException(
          8, "a mode of " + modeLength + " bytes in a value of " + length);
    }
    String mode = modeAt(data, position + header, modeLength);
    int pixels = header + mode.length();
    Bytes raw = Bytes.wrap(data.copy(position + pixels, length - pixels));
    try {
      return new Image(mode, width, height, raw);
    } catch (IllegalArgumentException e) {
      throw new MalformedValueException(pixels, String.valueOf(e.getMessage()), e);
    }
  }

  private static String modeAt(ByteChunks data, long position, long length)
      throws MalformedValueException {
    int most = 16;
    StringBuilder mode = new StringBuilder(most);
    for (int i = 0; i < length; i++) {
      byte c = data.getByte(position + i);
      if (c <= ' ' || c > '~' || i == most) {
        throw new MalformedValueException(
            3 * Integer.BYTES + i, "the image's mode is not a name of PIL");
      }
      mode.append((char) c);
    }
    return mode.toString();
  }
}
