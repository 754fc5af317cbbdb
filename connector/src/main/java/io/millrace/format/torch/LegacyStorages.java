// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The storages of the legacy layout. They follow the pickle that names them, so that their places
 * are known only when it was read: a first reading collects them, a second one finds them.
 */
final class LegacyStorages implements Storages {

  private final ByteChunks bytes;
  private final Map<String, Storage> unplaced = new HashMap<>();
  private final Map<String, Storage> placed = new HashMap<>();

  LegacyStorages(ByteChunks bytes) {
    this.bytes = bytes;
  }

  @Override
  public Storage find(String key, TorchDtype dtype, long elements) throws PickleException {
    DType type = dtype.dtype();
    if (type == null || elements > bytes.length() / type.byteSize()) {
      throw new PickleException(
          "storage "
              + Quoted.plain(key)
              + " is said to be of "
              + elements
              + " elements of "
              + dtype.constant().text()
              + ", but the file has "
              + bytes.length()
              + " bytes");
    }
    Storage storage = placed.containsKey(key) ? placed.get(key) : unplaced.get(key);
    if (storage == null) {
      storage = new Storage(bytes, 0, type, elements, false);
      unplaced.put(key, storage);
    }
    if (storage.dtype() != type && storage.elements() == 0 && elements == 0) {
      return new Storage(bytes, storage.begin(), type, 0, false);
    }
    if (storage.dtype() != type || storage.elements() != elements) {
      throw new PickleException(
          "storage "
              + Quoted.plain(key)
              + " is of "
              + storage.elements()
              + " elements of "
              + storage.dtype()
              + " and of "
              + elements
              + " of "
              + type);
    }
    return storage;
  }

  boolean isEmpty() {
    return unplaced.isEmpty() && placed.isEmpty();
  }

  /** A storage that was named and has no place yet, null if there is none of that key. */
  @Nullable Storage unplaced(String key) {
    return unplaced.get(key);
  }

  /** Says where a storage lies. */
  void place(String key, Storage storage) {
    unplaced.remove(key);
    placed.put(key, storage);
  }

  boolean allPlaced() {
    return unplaced.isEmpty();
  }
}
