// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON into maps, lists, strings, {@link Number}s of any size, booleans and nulls. */
public final class TestJson {

  private TestJson() {}

  public static @Nullable Object parse(String text) {
    try (JsonParser json = JsonText.FACTORY.createParser(text)) {
      json.nextToken();
      return value(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot parse " + text, e);
    }
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(String text) {
    return (Map<String, Object>) parse(text);
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String key = json.currentName();
          json.nextToken();
          map.put(key, value(json));
        }
        return map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        return list;
      }
      case VALUE_STRING -> {
        return json.getText();
      }
      case VALUE_NUMBER_INT -> {
        return json.getBigIntegerValue();
      }
      case VALUE_NUMBER_FLOAT -> {
        return json.getDoubleValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        return json.getBooleanValue();
      }
    }
  }

  /** Writes what {@link #parse} reads. */
  public static String write(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach((key, item) -> entries.add(write(key) + ": " + write(item)));
      return "{" + String.join(", ", entries) + "}";
    }
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(TestJson::write).toList()) + "]";
    }
    if (value instanceof String text) {
      StringBuilder quoted = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < ' ' || c > '~' || c == '"' || c == '\\') {
          quoted.append("\\u%04x".formatted((int) c));
        } else {
          quoted.append(c);
        }
      }
      return quoted.append('"').toString();
    }
    return String.valueOf(value);
  }
}
