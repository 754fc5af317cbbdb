// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes pickles of protocol 4, without a memo: of null, booleans, whole numbers, doubles, strings,
 * byte arrays, lists, maps, and of what this class makes.
 */
final class Py {

  private record Tuple(List<Object> items) {}

  private record Global(String module, String name) {}

  private record Call(Object callable, Object arguments) {}

  private record Persistent(Object id) {}

  private record Built(Object object, Object state) {}

  private record Made(Object type, Object arguments) {}

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Py() {}

  static Object tuple(Object... items) {
    return new Tuple(Arrays.asList(items));
  }

  /** A name, with its module before the last dot. */
  static Object global(String name) {
    int dot = name.lastIndexOf('.');
    return new Global(name.substring(0, dot), name.substring(dot + 1));
  }

  static Object call(String name, Object... arguments) {
    return new Call(global(name), tuple(arguments));
  }

  static Object callOf(Object callable, Object... arguments) {
    return new Call(callable, tuple(arguments));
  }

  static Object newObject(String name, Object... arguments) {
    return new Made(global(name), tuple(arguments));
  }

  static Object built(Object object, Object state) {
    return new Built(object, state);
  }

  static Object persistent(Object... id) {
    return new Persistent(tuple(id));
  }

  static Object storage(String type, String key, long elements) {
    return persistent("storage", global(type), key, "cpu", elements);
  }

  static Object legacyStorage(String type, String key, long elements, Object view) {
    return persistent("storage", global(type), key, "cpu", elements, view);
  }

  static Object noHooks() {
    return call("collections.OrderedDict");
  }

  /** A tensor as torch writes it. */
  static Object tensor(Object storage, Object offset, Object shape, Object strides) {
    return call(
        "torch._utils._rebuild_tensor_v2", storage, offset, shape, strides, false, noHooks());
  }

  static byte[] pickle(Object value) {
    Py py = new Py();
    py.out.write(0x80);
    py.out.write(4);
    py.write(value);
    py.out.write('.');
    return py.out.toByteArray();
  }

  private void write(Object value) {
    if (value == null) {
      out.write('N');
    } else if (value instanceof Boolean flag) {
      out.write(flag ? 0x88 : 0x89);
    } else if (value instanceof BigInteger || value instanceof Long || value instanceof Integer) {
      byte[] bytes = reversed(new BigInteger(value.toString()).toByteArray());
      out.write(0x8a);
      out.write(bytes.length);
      out.writeBytes(bytes);
    } else if (value instanceof Double number) {
      out.write('G');
      byte[] bits = new byte[8];
      Elements.LONG.set(bits, 0, Long.reverseBytes(Double.doubleToRawLongBits(number)));
      out.writeBytes(bits);
    } else if (value instanceof String text) {
      counted('X', text.getBytes(UTF_8));
    } else if (value instanceof byte[] bytes) {
      counted('B', bytes);
    } else {
      container(value);
    }
  }

  private void counted(int opcode, byte[] bytes) {
    byte[] length = new byte[4];
    Elements.INT.set(length, 0, bytes.length);
    out.write(opcode);
    out.writeBytes(length);
    out.writeBytes(bytes);
  }

  private void container(Object value) {
    if (value instanceof List<?> list) {
      out.write(']');
      marked(list, 'e');
    } else if (value instanceof Map<?, ?> map) {
      out.write('}');
      out.write('(');
      map.forEach(
          (key, item) -> {
            write(key);
            write(item);
          });
      out.write('u');
    } else if (value instanceof Tuple tuple) {
      marked(tuple.items(), 't');
    } else {
      object(value);
    }
  }

  private void marked(List<?> items, int opcode) {
    out.write('(');
    items.forEach(this::write);
    out.write(opcode);
  }

  private void object(Object value) {
    if (value instanceof Global global) {
      out.write('c');
      out.writeBytes((global.module() + "\n" + global.name() + "\n").getBytes(UTF_8));
    } else if (value instanceof Call call) {
      both(call.callable(), call.arguments(), 'R');
    } else if (value instanceof Made made) {
      both(made.type(), made.arguments(), 0x81);
    } else if (value instanceof Built built) {
      both(built.object(), built.state(), 'b');
    } else if (value instanceof Persistent persistent) {
      write(persistent.id());
      out.write('Q');
    } else {
      throw new IllegalArgumentException("Cannot pickle " + value);
    }
  }

  private void both(Object first, Object second, int opcode) {
    write(first);
    write(second);
    out.write(opcode);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
