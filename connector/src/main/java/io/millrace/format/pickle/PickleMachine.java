// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.storage.ByteChunks;
import java.util.Locale;

/**
 * Interprets one pickle after the other out of memory. What comes of Python's values:
 *
 * <ul>
 *   <li>{@code None}: {@link PyNone}; {@code bool}: {@link Boolean}; {@code float}: {@link Double};
 *       {@code str}: {@link String}, none with a lone surrogate;
 *   <li>{@code int}: {@link Long} where 64 bits hold it, else {@link java.math.BigInteger};
 *   <li>{@code bytes} and {@code bytearray}: {@link io.millrace.sample.Bytes};
 *   <li>{@code str} of Python 2: {@link String}, taken for UTF-8;
 *   <li>{@code list}, {@code tuple}, {@code dict}, {@code set} and {@code frozenset}: {@link
 *       PyList}, {@link PyTuple}, {@link PyDict}, {@link PySet};
 *   <li>anything else: what {@link PickleConstructors} make of it.
 * </ul>
 *
 * <p>All opcodes of protocols 0 to 5 are executed, but for the extension registry and out-of-band
 * buffers, which a file cannot bring along. No opcode takes more time or memory than a constant and
 * what it consumes; nothing is recursive; a value that is used twice is one object.
 *
 * <p>The message of each exception begins with the opcode's name, its position is the opcode's.
 */
public final class PickleMachine {

  private static final int LATEST_PROTOCOL = 5;

  /** The opcode {@code FRAME} and its length. */
  private static final int FRAME_BYTES = 9;

  private final PickleReader reader;
  private final PickleStack stack;
  private final NumberOpcodes numbers;
  private final TextOpcodes texts;
  private final ContainerOpcodes containers;
  private final StackOpcodes stackMoves;
  private final ObjectOpcodes objects;

  /** Where the latest frame ends; before all else where there was none. */
  private long frameEnd;

  private PickleMachine(PickleReader reader, PickleConstructors constructors, PickleLimits limits) {
    this.reader = reader;
    stack = new PickleStack(limits);
    PickleMemo memo = new PickleMemo(limits);
    numbers = new NumberOpcodes(reader, stack, limits);
    texts = new TextOpcodes(reader, stack);
    containers = new ContainerOpcodes(stack);
    stackMoves = new StackOpcodes(reader, stack, memo);
    objects = new ObjectOpcodes(reader, stack, memo, constructors);
  }

  /**
   * Reads one pickle.
   *
   * @param bytes memory that holds it; nothing that is returned aliases it
   * @param from where it begins
   * @param end where it must have ended at the latest; bytes behind the pickle are not looked at
   * @throws PickleException if it is damaged, refused or beyond the limits; its position counts in
   *     {@code bytes}
   */
  public static Loaded load(
      ByteChunks bytes, long from, long end, PickleConstructors constructors, PickleLimits limits)
      throws PickleException {
    PickleReader reader = new PickleReader(bytes, from, end);
    Object value = new PickleMachine(reader, constructors, limits).run();
    return new Loaded(value, reader.position());
  }

  private Object run() throws PickleException {
    while (reader.hasNext()) {
      long position = reader.position();
      int code = reader.readByte();
      Opcode opcode = Opcode.of(code);
      if (opcode == null) {
        throw new PickleException(
            position, String.format(Locale.ROOT, "0x%02x is not an opcode", code));
      }
      try {
        if (opcode == Opcode.STOP) {
          return result();
        }
        execute(opcode);
        if (position < frameEnd && reader.position() > frameEnd) {
          throw new PickleException("it goes beyond its frame, which ends at " + frameEnd);
        }
      } catch (PickleException e) {
        throw e.at(position, opcode.name());
      }
    }
    throw new PickleException(reader.position(), "the pickle ends without STOP");
  }

  private void execute(Opcode opcode) throws PickleException {
    switch (opcode.family()) {
      case NUMBER -> numbers.execute(opcode);
      case TEXT -> texts.execute(opcode);
      case CONTAINER -> containers.execute(opcode);
      case STACK -> stackMoves.execute(opcode);
      case OBJECT -> objects.execute(opcode);
      case CONTROL -> control(opcode);
    }
  }

  private void control(Opcode opcode) throws PickleException {
    switch (opcode) {
      case PROTO -> {
        int protocol = reader.readByte();
        if (protocol > LATEST_PROTOCOL) {
          throw new PickleException(
              "protocol " + protocol + " is not known; the latest is " + LATEST_PROTOCOL);
        }
      }
      case FRAME -> beginFrame(reader.readLong());
      case EXT1 -> throw extension(reader.readByte());
      case EXT2 -> throw extension(reader.readShort());
      case EXT4 -> throw extension(reader.readInt());
      case NEXT_BUFFER, READONLY_BUFFER ->
          throw new PickleException("buffers outside of the pickle are refused");
      default -> throw new IllegalStateException("Cannot execute " + opcode + " as control");
    }
  }

  /** A frame is there to be read at once; we need none, but a wrong length is a sign of damage. */
  private void beginFrame(long length) throws PickleException {
    reader.require(length);
    if (reader.position() - FRAME_BYTES < frameEnd) {
      throw new PickleException("the frame before it ends only at " + frameEnd);
    }
    frameEnd = reader.position() + length;
  }

  private static PickleException extension(int code) {
    return new PickleException("code " + code + " of the extension registry is refused");
  }

  /** Python tolerates values and marks beside the result, but its pickler never leaves any. */
  private Object result() throws PickleException {
    Object value = stack.pop();
    if (!stack.isEmpty()) {
      throw new PickleException("values or marks are left beside the result");
    }
    if (reader.position() < frameEnd) {
      throw new PickleException("its frame ends only at " + frameEnd);
    }
    return value;
  }

  /**
   * What was read.
   *
   * @param value the value
   * @param end position after the pickle's last byte
   */
  public record Loaded(Object value, long end) {}
}
