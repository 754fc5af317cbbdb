// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.sample.Bytes;

/**
 * Executes what pushes text or bytes. Python 2 had one type for both; its strings are taken for
 * UTF-8, as {@code torch.load} takes them.
 */
final class TextOpcodes {

  private final PickleReader reader;
  private final PickleStack stack;

  TextOpcodes(PickleReader reader, PickleStack stack) {
    this.reader = reader;
    this.stack = stack;
  }

  void execute(Opcode opcode) throws PickleException {
    stack.push(
        switch (opcode) {
          case SHORT_BINUNICODE, SHORT_BINSTRING -> reader.readText(reader.readByte());
          case BINUNICODE -> text(reader.readUnsignedInt());
          case BINUNICODE8 -> text(reader.readLong());
          case BINSTRING -> text(signedLength());
          case SHORT_BINBYTES -> Bytes.wrap(reader.readBytes(reader.readByte()));
          case BINBYTES -> bytes(reader.readUnsignedInt());
          case BINBYTES8, BYTEARRAY8 -> bytes(reader.readLong());
          case STRING -> quoted();
          case UNICODE -> EscapedText.rawUnicode(line());
          default -> throw new IllegalStateException("Cannot execute " + opcode + " as text");
        });
  }

  private String text(long length) throws PickleException {
    return reader.readText(arrayLength(length));
  }

  private Bytes bytes(long length) throws PickleException {
    return Bytes.wrap(reader.readBytes(arrayLength(length)));
  }

  private long signedLength() throws PickleException {
    int length = reader.readInt();
    if (length < 0) {
      throw new PickleException("its length is negative: " + length);
    }
    return length;
  }

  private int arrayLength(long length) throws PickleException {
    reader.require(length);
    if (length > PickleReader.LONGEST_ARRAY) {
      throw new PickleException(
          "its " + length + " bytes are more than " + PickleReader.LONGEST_ARRAY);
    }
    return (int) length;
  }

  private String quoted() throws PickleException {
    byte[] line = line();
    return StrictUtf8.decode(line, 0, EscapedText.unquote(line));
  }

  private byte[] line() throws PickleException {
    byte[] line = reader.readBytes(reader.lineLength(PickleReader.LONGEST_ARRAY));
    reader.skip(1);
    return line;
  }
}
