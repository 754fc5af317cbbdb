// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of all fields of a dataset, which every shard has as its descriptor: so that a reader
 * that decodes only some of them can tell a field that it need not read from one that nobody knows.
 */
final class FieldNames {

  private static final int VERSION = 1;

  private final Set<String> names;
  private final TreeSet<String> sorted;

  FieldNames(Collection<String> names) {
    this.names = new LinkedHashSet<>(names);
    this.sorted = new TreeSet<>(names);
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  int size() {
    return names.size();
  }

  /** Whether there are fields of what a dict or a list of this name contains. */
  boolean hasBelow(String name) {
    String prefix = name + ".";
    String next = sorted.ceiling(prefix);
    return next != null && next.startsWith(prefix);
  }

  Bytes toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(names.size());
      for (String name : names) {
        out.writeUTF(name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot happen: the bytes are in memory", e);
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  /**
   * The names that {@link #toBytes} wrote.
   *
   * @param shard the shard that has them, for messages
   * @throws IOException if the bytes are not of this version, or damaged
   */
  static FieldNames of(Bytes descriptor, String shard) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(descriptor.toByteArray()))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("version " + version + " is not known");
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        names.add(in.readUTF());
      }
      if (names.size() != count || in.available() > 0) {
        throw new IOException("it has names twice, or bytes behind them");
      }
    } catch (IOException e) {
      throw new IOException(
          "Cannot open shard " + shard + ": its descriptor is damaged: " + e.getMessage(), e);
    }
    return new FieldNames(names);
  }
}
