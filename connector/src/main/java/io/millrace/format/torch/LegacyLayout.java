// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleConstructors;
import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PickleLimits;
import io.millrace.format.pickle.PickleMachine;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.storage.CorruptObjectException;
import java.util.Map;

/**
 * What {@code torch.save} wrote before version 1.6, and still writes on demand: four pickles (a
 * magic number, a version, facts about the machine, the object), the list of storages as a fifth,
 * then of each storage the number of its elements and the elements.
 *
 * <p>Numbers and elements are little-endian whatever the machine, which turned them around as it
 * wrote. Those of complex numbers it did not turn around rightly.
 */
final class LegacyLayout {

  private static final Long VERSION = 1001L;
  private static final int COUNT_BYTES = 8;

  /** Bytes of C's types, of standard size; nothing in the file depends on them. */
  private static final Map<Object, Object> SIZES = Map.of("short", 2L, "int", 4L, "long", 4L);

  private final FileBytes file;
  private final LegacyStorages storages;
  private long position;

  private LegacyLayout(FileBytes file) {
    this.file = file;
    this.storages = new LegacyStorages(file.bytes());
  }

  /** What was saved. */
  static Object read(FileBytes file) throws CorruptObjectException {
    LegacyMagic.check(file);
    return new LegacyLayout(file).read();
  }

  private Object read() throws CorruptObjectException {
    if (!load(PlainConstructors.NONE).equals(LegacyMagic.NUMBER)) {
      throw file.corrupt(0, "the file's magic number is not that of torch.save");
    }
    long at = position;
    if (!load(PlainConstructors.NONE).equals(VERSION)) {
      throw file.corrupt(at, "the file's protocol version is not 1001, which alone is known");
    }
    boolean littleEndian = isLittleEndian();
    long begin = position;
    Object value = load(new TorchConstructors(storages, file.length() - begin));
    long end = position;
    locate(littleEndian);
    if (storages.isEmpty()) {
      return value;
    }
    position = begin;
    return load(new TorchConstructors(storages, end - begin));
  }

  private Object load(PickleConstructors constructors) throws CorruptObjectException {
    try {
      PickleMachine.Loaded loaded =
          PickleMachine.load(
              file.bytes(), position, file.length(), constructors, PickleLimits.DEFAULTS);
      position = loaded.end();
      return loaded.value();
    } catch (PickleException e) {
      throw file.corrupt(e.position(), "in the pickle: " + e.getMessage());
    }
  }

  /** Reads the facts about the machine that wrote the file. */
  private boolean isLittleEndian() throws CorruptObjectException {
    long at = position;
    if (load(PlainConstructors.NONE) instanceof PyDict facts
        && VERSION.equals(facts.items().get("protocol_version"))
        && facts.items().get("little_endian") instanceof Boolean littleEndian
        && facts.items().get("type_sizes") instanceof PyDict sizes
        && SIZES.equals(sizes.items())) {
      return littleEndian;
    }
    throw file.corrupt(at, "the facts about the machine that wrote the file are not torch's");
  }

  /** Reads which storages follow, and where each begins. */
  private void locate(boolean littleEndian) throws CorruptObjectException {
    long at = position;
    if (!(load(PlainConstructors.NONE) instanceof PyList keys)) {
      throw file.corrupt(at, "the keys of the storages are not a list");
    }
    for (Object key : keys.items()) {
      // of anything else not even the hash is asked for: that of a tuple may take for ever
      String name = key instanceof String text ? text : null;
      Storage storage = name == null ? null : storages.unplaced(name);
      if (name == null || storage == null) {
        throw file.corrupt(
            at,
            "storage " + shown(key) + " is listed, but the pickle does not name it or only once");
      }
      if (!littleEndian && storage.dtype().isComplex()) {
        throw file.corrupt(
            position, "a big-endian machine wrote complex numbers, which it does wrongly");
      }
      storages.place(name, placed(storage, name));
    }
    if (!storages.allPlaced()) {
      throw file.corrupt(
          at, "only " + keys.items().size() + " of the storages that the pickle names follow it");
    }
    if (position != file.length()) {
      throw file.corrupt(position, (file.length() - position) + " bytes follow the last storage");
    }
  }

  /** A storage at the place reached, which moves behind it. */
  private Storage placed(Storage storage, Object key) throws CorruptObjectException {
    long left = file.length() - position - COUNT_BYTES;
    if (left < 0) {
      throw file.corrupt(position, "the file is cut before storage " + shown(key));
    }
    long count = file.i64(position);
    if (count != storage.elements()) {
      throw file.corrupt(
          position,
          "storage "
              + shown(key)
              + " has "
              + count
              + " elements where the pickle says "
              + storage.elements());
    }
    long bytes = count * storage.dtype().byteSize();
    if (bytes > left) {
      throw file.corrupt(
          position,
          "the file is cut: storage " + shown(key) + " of " + bytes + " bytes has " + left);
    }
    long begin = position + COUNT_BYTES;
    position = begin + bytes;
    return new Storage(file.bytes(), begin, storage.dtype(), count, false);
  }

  private static String shown(Object key) {
    return key instanceof String || key instanceof Long
        ? Quoted.plain(key.toString())
        : Arguments.typeOf(key);
  }
}
