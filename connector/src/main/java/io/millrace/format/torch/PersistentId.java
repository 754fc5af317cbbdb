// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.DType;

/**
 * How a pickle names a storage.
 *
 * @param dtype type of its elements
 * @param key its name in the file
 * @param elements how many it has
 * @param view which part of it is meant: all of it or, in old files of the legacy layout, less
 */
record PersistentId(TorchDtype dtype, String key, long elements, View view) {

  /**
   * A part of a storage.
   *
   * @param offset its first element
   * @param elements how many it has
   */
  record View(long offset, long elements) {}

  private static final String STORAGE = "storage";

  static PersistentId of(Object id) throws PickleException {
    if (!(id instanceof PyTuple tuple)) {
      throw new PickleException("a persistent id is " + Arguments.typeOf(id) + ", not a tuple");
    }
    Arguments parts = new Arguments("a persistent id", tuple);
    parts.expect(5, 6);
    if (!parts.text(0).equals(STORAGE)) {
      throw new PickleException(
          "a persistent id is of a " + Quoted.plain(parts.text(0)) + ", not of a storage");
    }
    TorchDtype dtype = StorageTypes.dtypeOf(parts.constant(1));
    String key = parts.text(2);
    long elements = parts.number(4);
    if (elements < 0) {
      throw new PickleException("storage " + Quoted.plain(key) + " has " + elements + " elements");
    }
    return new PersistentId(dtype, key, elements, view(parts, key, elements));
  }

  private static View view(Arguments parts, String key, long elements) throws PickleException {
    if (parts.count() == 5 || parts.isNone(5)) {
      return new View(0, elements);
    }
    Arguments view = parts.nested(5);
    view.expect(3, 3);
    long offset = view.number(1);
    long size = view.number(2);
    if (offset < 0 || size < 0 || size > elements || offset > elements - size) {
      throw new PickleException(
          "a view of "
              + size
              + " elements at "
              + offset
              + " goes beyond storage "
              + Quoted.plain(key)
              + " of "
              + elements);
    }
    return new View(offset, size);
  }

  /** The storage, or the part of it. */
  Storage in(Storages storages) throws PickleException {
    Storage whole = storages.find(key, dtype, elements);
    if (view.elements() == elements) {
      return whole;
    }
    DType type = whole.dtype();
    return new Storage(
        whole.bytes(),
        whole.begin() + view.offset() * type.byteSize(),
        type,
        view.elements(),
        whole.bigEndian());
  }
}
