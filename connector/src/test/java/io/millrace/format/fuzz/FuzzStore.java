// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.fuzz;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A dataset's objects in memory, by their paths below one root. */
public record FuzzStore(Map<String, byte[]> files) implements ObjectStore {

  public static final ObjectLocation ROOT = ObjectLocation.of("mem:/fuzz");

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    String prefix = directory.equals(ROOT) ? "" : pathOf(directory) + "/";
    Map<String, ObjectStatus> children = new TreeMap<>();
    for (var file : files.entrySet()) {
      if (file.getKey().startsWith(prefix)) {
        String rest = file.getKey().substring(prefix.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        long length = slash < 0 ? file.getValue().length : 0;
        children.put(
            name,
            new ObjectStatus(
                directory.resolve(name), new ObjectVersion(length, 0, ""), slash >= 0));
      }
    }
    if (children.isEmpty()) {
      throw new FileNotFoundException("Cannot list " + directory + ": no such directory");
    }
    return List.copyOf(children.values());
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return new ObjectStatus(object, new ObjectVersion(bytes(object).length, 0, ""), false);
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return new Reader(object, bytes(object));
  }

  private byte[] bytes(ObjectLocation object) throws FileNotFoundException {
    byte[] bytes = files.get(pathOf(object));
    if (bytes == null) {
      throw new FileNotFoundException("Cannot open " + object + ": no such object");
    }
    return bytes;
  }

  private static String pathOf(ObjectLocation object) {
    if (!object.uri().startsWith(ROOT.uri() + "/")) {
      throw new IllegalArgumentException("Cannot serve " + object + ": it is not below " + ROOT);
    }
    return object.uri().substring(ROOT.uri().length() + 1);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Reader(ObjectLocation location, byte[] bytes) implements RangeReader {

    @Override
    public void readFully(long position, ByteChunks target) throws IOException {
      if (position + target.length() > bytes.length) {
        throw new CorruptObjectException(
            location, bytes.length, "it ends before " + (position + target.length()));
      }
      for (var s = target.first(0, target.length()); s != null; s = s.next()) {
        int from = (int) (position + s.position());
        System.arraycopy(bytes, from, s.array(), s.offset(), s.length());
      }
    }

    @Override
    public void close() {}
  }
}
