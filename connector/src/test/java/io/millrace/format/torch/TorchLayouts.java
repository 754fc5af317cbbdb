// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes files of either layout of torch's by hand. */
final class TorchLayouts {

  private TorchLayouts() {}

  /** A file of the zip layout, with storages 0, 1 … */
  static byte[] zip(Object value, byte[]... storages) {
    return archive(value, storages).bytes();
  }

  /** The archive, to which more can be added. */
  static ZipWriter archive(Object value, byte[]... storages) {
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", Py.pickle(value));
    for (int i = 0; i < storages.length; i++) {
      zip.add("archive/data/" + i, storages[i]);
    }
    zip.add("archive/version", "3\n");
    return zip;
  }

  /** A file of the legacy layout, with storages in the order of the map. */
  static byte[] legacy(Object value, Map<String, byte[]> storages) {
    return legacy(value, List.copyOf(storages.keySet()), storages, true);
  }

  static byte[] legacy(
      Object value, Object keys, Map<String, byte[]> storages, boolean littleEndian) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(legacyHead(littleEndian));
    out.writeBytes(Py.pickle(value));
    out.writeBytes(Py.pickle(keys));
    storages.values().forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** What is in front of the object's pickle. */
  static byte[] legacyHead(boolean littleEndian) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Py.pickle(new BigInteger("1950a86a20f9469cfc6c", 16)));
    out.writeBytes(Py.pickle(1001));
    out.writeBytes(Py.pickle(facts(littleEndian)));
    return out.toByteArray();
  }

  static Map<String, Object> facts(boolean littleEndian) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("protocol_version", 1001);
    facts.put("little_endian", littleEndian);
    facts.put("type_sizes", Map.of("short", 2, "int", 4, "long", 4));
    return facts;
  }

  /** A storage of the legacy layout: how many elements, then they. */
  static byte[] counted(long elements, byte[] bytes) {
    return new ZipWriter.Numbered().put(8, elements).raw(bytes).bytes();
  }
}
