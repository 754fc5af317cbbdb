// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Python's own types and functions, as its pickler calls them. */
final class BuiltinCalls {

  private BuiltinCalls() {}

  /** {@code set(items)}, {@code frozenset(items)}. */
  static PySet set(TorchConstructors constructors, Arguments arguments) throws PickleException {
    PySet set = new PySet();
    for (Object item : items(constructors, arguments)) {
      set.add(item);
    }
    return set;
  }

  /** {@code list(items)}. */
  static PyList list(TorchConstructors constructors, Arguments arguments) throws PickleException {
    PyList list = new PyList();
    for (Object item : items(constructors, arguments)) {
      list.add(item);
    }
    return list;
  }

  /** {@code tuple(items)}. */
  static PyTuple tuple(TorchConstructors constructors, Arguments arguments) throws PickleException {
    Collection<Object> items = items(constructors, arguments);
    return items.isEmpty() ? PyTuple.EMPTY : new PyTuple(List.copyOf(items));
  }

  private static Collection<Object> items(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(0, 1);
    if (arguments.count() == 0) {
      return List.of();
    }
    Object source = arguments.get(0);
    Collection<Object> items;
    if (source instanceof PyList list) {
      items = list.items();
    } else if (source instanceof PyTuple tuple) {
      items = tuple.items();
    } else if (source instanceof PySet set) {
      items = set.items();
    } else {
      throw arguments.wrong(0, "a list, a tuple or a set");
    }
    constructors.allowance().spend(items.size());
    return items;
  }

  /** {@code dict(items)}, {@code OrderedDict(items)}: of another dict or of pairs. */
  static PyDict dict(TorchConstructors constructors, Arguments arguments) throws PickleException {
    PyDict dict = new PyDict();
    if (arguments.count() == 1 && arguments.get(0) instanceof PyDict other) {
      constructors.allowance().spend(other.items().size());
      for (Map.Entry<Object, Object> item : other.items().entrySet()) {
        dict.put(item.getKey(), item.getValue());
      }
      return dict;
    }
    for (Object item : items(constructors, arguments)) {
      List<Object> pair = pair(item);
      if (pair.size() != 2) {
        throw arguments.wrong(0, "pairs of a key and a value");
      }
      dict.put(pair.get(0), pair.get(1));
    }
    return dict;
  }

  private static List<Object> pair(Object item) {
    if (item instanceof PyTuple tuple) {
      return tuple.items();
    }
    return item instanceof PyList list ? list.items() : List.of();
  }

  /** {@code defaultdict(factory)}; what would make missing values is looked at, and dropped. */
  static PyDict defaultDict(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(0, 1);
    if (arguments.count() == 1
        && !arguments.isNone(0)
        && !ClosedList.isFactory(arguments.constant(0))) {
      throw arguments.wrong(0, "a type of Python's own");
    }
    return new PyDict();
  }

  /** {@code complex(real, imaginary)}. */
  static TensorValue complex(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(2, 2);
    ByteChunks bytes = ByteChunks.allocate(2 * Double.BYTES);
    byte[] array = bytes.chunks()[0];
    Elements.LONG.set(array, 0, Double.doubleToRawLongBits(arguments.real(0)));
    Elements.LONG.set(array, Double.BYTES, Double.doubleToRawLongBits(arguments.real(1)));
    return TensorViews.scalar(new Storage(bytes, 0, DType.COMPLEX128, 1, false, true));
  }

  /** {@code bytes()}, of which no other form is written. */
  static Bytes bytes(TorchConstructors constructors, Arguments arguments) throws PickleException {
    arguments.expect(0, 0);
    return Bytes.EMPTY;
  }

  /** {@code bytearray()}, {@code bytearray(bytes)}, {@code bytearray(text, "latin-1")}. */
  static Bytes byteArray(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(0, 2);
    return switch (arguments.count()) {
      case 0 -> Bytes.EMPTY;
      case 1 -> arguments.bytes(0);
      default -> encode(constructors, arguments);
    };
  }

  /** {@code _codecs.encode(text, "latin1")}: how bytes are written in protocols 0 to 2. */
  static Bytes encode(TorchConstructors constructors, Arguments arguments) throws PickleException {
    arguments.expect(2, 2);
    String text = arguments.text(0);
    String encoding = arguments.text(1);
    if (!encoding.equals("latin1") && !encoding.equals("latin-1")) {
      throw arguments.wrong(1, "the encoding latin1");
    }
    constructors.allowance().spend(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        throw arguments.wrong(0, "characters of latin1");
      }
    }
    return Bytes.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** {@code torch.Size(numbers)}: the tuple of the numbers. */
  static PyTuple size(TorchConstructors constructors, Arguments arguments) throws PickleException {
    arguments.expect(1, 1);
    PyTuple size = arguments.tuple(0);
    constructors.allowance().spend(size.size());
    for (Object length : size.items()) {
      if (!(length instanceof Long)) {
        throw arguments.wrong(0, "a tuple of whole numbers");
      }
    }
    return size;
  }

  /** {@code torch.device(type, index=None)}. */
  static TorchConstant device(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(1, 2);
    String type = arguments.text(0);
    if (!type.matches("[a-z]{1,20}(:[0-9]{1,5})?")) {
      throw arguments.wrong(0, "a device such as cpu or cuda:0");
    }
    if (arguments.count() == 1 || arguments.isNone(1)) {
      return new TorchConstant(type);
    }
    long index = arguments.number(1);
    if (index < 0 || type.indexOf(':') >= 0) {
      throw arguments.wrong(1, "the number of a device");
    }
    return new TorchConstant(type + ":" + index);
  }

  /** {@code torch.serialization._get_layout(name)}. */
  static TorchConstant layout(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(1, 1);
    TorchConstant layout = new TorchConstant(arguments.text(0));
    if (!ClosedList.isLayout(layout)) {
      throw new PickleException(Quoted.plain(layout.text()) + " is not a layout");
    }
    return layout;
  }
}
