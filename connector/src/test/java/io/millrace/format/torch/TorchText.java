// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes a file's value, so that two can be compared: a tensor as its type, its shape and the
 * CRC-32 of its elements, what was written before as a star.
 */
final class TorchText {

  /** Elements that nobody has the memory to copy. */
  private static final long LARGE = 16 << 20;

  private static final int DEEPEST = 100;

  private final StringBuilder text = new StringBuilder();
  private final IdentityHashMap<Object, Object> seen = new IdentityHashMap<>();

  private TorchText() {}

  static String of(Object value) {
    TorchText writer = new TorchText();
    writer.add(value, 0);
    return writer.text.toString();
  }

  /** A text without the elements' checksums. */
  static String withoutElements(String text) {
    return text.replaceAll("#[0-9a-f]+", "#");
  }

  private void add(Object value, int depth) {
    if (value instanceof TensorValue tensor) {
      add(tensor);
    } else if (value instanceof PyDict dict) {
      text.append("dict");
      if (isNew(dict, depth)) {
        for (Map.Entry<Object, Object> item : dict.items().entrySet()) {
          add(item.getKey(), depth + 1);
          text.append(':');
          add(item.getValue(), depth + 1);
        }
        text.append("; ");
      }
    } else if (value instanceof PyList list) {
      addAll("list", list, list.items(), depth);
    } else if (value instanceof PyTuple tuple) {
      addAll("tuple", tuple, tuple.items(), depth);
    } else if (value instanceof PySet set) {
      addAll("set", set, set.items(), depth);
    } else {
      text.append(value).append("; ");
    }
  }

  private void addAll(String kind, Object value, Collection<Object> items, int depth) {
    text.append(kind);
    if (isNew(value, depth)) {
      items.forEach(item -> add(item, depth + 1));
      text.append("; ");
    }
  }

  private boolean isNew(Object value, int depth) {
    boolean isNew = depth <= DEEPEST && seen.put(value, value) == null;
    text.append(isNew ? "( " : "* ");
    return isNew;
  }

  private void add(TensorValue tensor) {
    text.append(tensor.dtype()).append(Arrays.toString(tensor.shape()));
    if (tensor.byteSize() <= LARGE && seen.put(tensor, tensor) == null) {
      CRC32 crc = new CRC32();
      crc.update(tensor.toBytes());
      text.append('#').append(Long.toHexString(crc.getValue()));
    }
    text.append("; ");
  }
}
