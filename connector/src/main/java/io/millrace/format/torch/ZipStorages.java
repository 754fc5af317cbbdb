// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.sample.DType;
import java.util.HashMap;
import java.util.Map;

/** The storages of the zip layout: a record each. */
final class ZipStorages implements Storages {

  private final boolean bigEndian;
  private final Map<String, Region> regions = new HashMap<>();
  private final Map<String, Storage> found = new HashMap<>();

  ZipStorages(boolean bigEndian) {
    this.bigEndian = bigEndian;
  }

  /** Adds a record's content. */
  void add(String key, Region content) {
    regions.put(key, content);
  }

  @Override
  public Storage find(String key, TorchDtype dtype, long elements) throws PickleException {
    Region region = regions.get(key);
    DType type = dtype.dtype();
    if (region == null || type == null) {
      throw new PickleException(
          "it names storage " + Quoted.plain(key) + ", but there is no record of it");
    }
    Storage known = found.get(key);
    if (known == null) {
      known = new Storage(region.bytes(), region.begin(), type, elements, bigEndian);
      // torch writes all of a storage's bytes, also those behind the last whole element
      if (elements != region.length() / type.byteSize()) {
        throw new PickleException(
            "storage "
                + Quoted.plain(key)
                + " is said to be of "
                + elements
                + " elements of "
                + type
                + ", but its record has "
                + region.length()
                + " bytes");
      }
      found.put(key, known);
    }
    if (known.dtype() != type && known.elements() == 0 && elements == 0) {
      return new Storage(region.bytes(), region.begin(), type, 0, bigEndian);
    }
    if (known.dtype() != type || known.elements() != elements) {
      throw new PickleException(
          "storage "
              + Quoted.plain(key)
              + " is of "
              + known.elements()
              + " elements of "
              + known.dtype()
              + " and of "
              + elements
              + " of "
              + type);
    }
    return known;
  }
}
