// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.storage.ByteChunks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Lists of images: reserved words that are 0, the number of elements, the length of each in bytes,
 * and the elements; all numbers are uint32.
 */
final class ListDecoder implements ColumnDecoder {

  private final int reservedWords;
  private final int fewest;
  private final ImageElement element;

  /**
   * @param reservedWords words before the number of elements
   * @param fewest elements that the reference reader asks for
   */
  ListDecoder(int reservedWords, int fewest, ImageElement element) {
    this.reservedWords = reservedWords;
    this.fewest = fewest;
    this.element = element;
  }

  @Override
  public void decode(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    int header = (reservedWords + 1) * Integer.BYTES;
    if (length < header) {
      throw new MalformedValueException(
          length, "the list ends after " + length + " bytes, within its header of " + header);
    }
    for (int i = 0; i < header - Integer.BYTES; i += Integer.BYTES) {
      if (data.getInt(position + i) != 0) {
        throw new MalformedValueException(
            i, "the list's reserved word is " + data.getUnsignedInt(position + i) + ", not 0");
      }
    }
    long count = data.getUnsignedInt(position + header - Integer.BYTES);
    if (count < fewest || count > (length - header) / Integer.BYTES) {
      throw new MalformedValueException(
          header - Integer.BYTES, "a list of " + count + " elements in " + length + " bytes");
    }
    sink.setObject(field, elements(data, position, length, header, (int) count));
  }

  private List<Object> elements(ByteChunks data, long position, int length, int header, int count)
      throws MalformedValueException {
    List<Object> elements = new ArrayList<>(count);
    int at = header + count * Integer.BYTES;
    for (int i = 0; i < count; i++) {
      int lengthAt = header + i * Integer.BYTES;
      long size = data.getUnsignedInt(position + lengthAt);
      if (size > length - at) {
        throw new MalformedValueException(
            lengthAt,
            "element " + i + " has " + size + " bytes, of which " + (length - at) + " are there");
      }
      elements.add(decodeElement(data, position, at, (int) size, i));
      at += (int) size;
    }
    if (at != length) {
      throw new MalformedValueException(at, (length - at) + " bytes follow the last element");
    }
    return Collections.unmodifiableList(elements);
  }

  private Object decodeElement(ByteChunks data, long position, int at, int size, int number)
      throws MalformedValueException {
    try {
      return element.decode(data, position + at, size);
    } catch (MalformedValueException e) {
      throw new MalformedValueException(
          at + e.at(), "element " + number + ": " + e.getMessage(), e);
    }
  }
}
