// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyNone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plain values of one sample as JSON text, with Python's {@code NaN}, {@code Infinity} and {@code
 * -Infinity}.
 */
final class JsonText {

  /**
   * Most characters of all texts of a sample: values that are shared may make texts of any length
   * out of a small file, in one field and in many.
   */
  static final int MAX_CHARACTERS = 1 << 24;

  /** As many as threads write at once on large machines; others get new ones. */
  private static final int POOLED_BUFFERS = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Not the default, which leaves buffers, and so the job's classes, at Flink's threads.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private int left = MAX_CHARACTERS;

  /** The text of a plain value, which may be a {@link JsonValue} or a {@link ListValue}. */
  String of(Object value) throws FieldException {
    BoundedWriter out = new BoundedWriter(left);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(value, json);
    } catch (TooLongException e) {
      throw new FieldException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot happen: the text is in memory", e);
    }
    left -= out.text.length();
    return out.text.toString();
  }

  private static void write(Object value, JsonGenerator json) throws IOException, FieldException {
    Object plain = Numbers.unwrap(value);
    Collection<Object> elements = elementsOf(plain);
    if (elements != null) {
      json.writeStartArray();
      for (Object element : elements) {
        write(element, json);
      }
      json.writeEndArray();
    } else if (plain instanceof PyDict dict) {
      write(dict, json);
    } else if (plain instanceof Long number) {
      json.writeNumber(number);
    } else if (plain instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (plain instanceof Double || plain instanceof Float) {
      json.writeNumber(((Number) plain).doubleValue());
    } else if (plain instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (plain instanceof EmptyValue empty) {
      json.writeRawValue(empty.json());
    } else if (plain instanceof PyNone) {
      json.writeNull();
    } else {
      json.writeString(plain instanceof TorchConstant constant ? constant.text() : (String) plain);
    }
  }

  private static @Nullable Collection<Object> elementsOf(Object value) {
    if (value instanceof JsonValue list) {
      return list.items();
    }
    return value instanceof ListValue list ? list.items() : ValueTypes.elementsOf(value);
  }

  private static void write(PyDict dict, JsonGenerator json) throws IOException, FieldException {
    Set<String> names = new HashSet<>();
    json.writeStartObject();
    for (Map.Entry<Object, Object> item : dict.items().entrySet()) {
      String name = PythonText.ofKey(item.getKey());
      if (!names.add(name)) {
        throw new FieldException(
            "two keys of a dict in it have the text " + FieldException.quote(name));
      }
      json.writeFieldName(name);
      write(item.getValue(), json);
    }
    json.writeEndObject();
  }

  private static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("with it the sample has more than " + MAX_CHARACTERS + " characters of JSON text");
    }
  }

  private static final class BoundedWriter extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final int most;

    BoundedWriter(int most) {
      this.most = most;
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
      if (length > most - text.length()) {
        throw new TooLongException();
      }
      text.append(characters, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
