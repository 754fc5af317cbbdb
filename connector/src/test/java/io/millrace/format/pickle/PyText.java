// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.format.pickle.MadeObject.Named;
import io.millrace.sample.Bytes;
import java.util.Collection;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a value, as {@code make_pickles.py} does: what can be shared, and was written before, as a
 * star and its number; floats by their bits.
 */
final class PyText {

  private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();

  private PyText() {}

  static String of(Object value) {
    return new PyText().text(value);
  }

  private String text(Object value) {
    if (value instanceof PyList
        || value instanceof PyDict
        || value instanceof PySet
        || value instanceof MadeObject) {
      Integer number = seen.putIfAbsent(value, seen.size());
      if (number != null) {
        return "*" + number;
      }
    }
    if (value instanceof PyList list) {
      return "[" + joined(list.items(), this::text) + "]";
    }
    if (value instanceof PyTuple tuple) {
      return "(" + joined(tuple.items(), this::text) + ")";
    }
    if (value instanceof PyDict dict) {
      return "{"
          + joined(dict.items().entrySet(), e -> text(e.getKey()) + ": " + text(e.getValue()))
          + "}";
    }
    if (value instanceof PySet set) {
      return "set{" + set.items().stream().map(this::text).sorted().collect(joining()) + "}";
    }
    return value instanceof MadeObject made ? made(made) : plain(value);
  }

  private static Collector<CharSequence, ?, String> joining() {
    return Collectors.joining(", ");
  }

  private static <T> String joined(Collection<T> items, Function<T, String> text) {
    return items.stream().map(text).collect(joining());
  }

  private String made(MadeObject made) {
    String text =
        made.how().equals("persistent")
            ? "persistent(" + text(made.arguments().get(0)) + ")"
            : made.how() + " " + text(made.type()) + text(made.arguments());
    Stream<String> keywords =
        made.keywords().items().entrySet().stream()
            .map(e -> " " + e.getKey() + "=" + text(e.getValue()));
    Stream<String> states = made.states().stream().map(state -> " state " + text(state));
    return text + Stream.concat(keywords, states).collect(Collectors.joining());
  }

  private static String plain(Object value) {
    if (value instanceof Boolean bool) {
      return bool ? "True" : "False";
    }
    if (value instanceof Double number) {
      return String.format(Locale.ROOT, "f%016x", Double.doubleToRawLongBits(number));
    }
    if (value instanceof Bytes bytes) {
      return "b" + HexFormat.of().formatHex(bytes.toByteArray());
    }
    if (value instanceof Named named) {
      return "<" + named.module() + " " + named.name() + ">";
    }
    return value instanceof String text ? quoted(text) : value.toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int plain = "\"\\\n\r\t\b\f".indexOf(c);
      if (plain >= 0) {
        quoted.append('\\').append("\"\\nrtbf".charAt(plain));
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
