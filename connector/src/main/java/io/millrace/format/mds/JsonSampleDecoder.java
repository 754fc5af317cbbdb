// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.format.ValueSink;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines that are a JSON object with exactly the shard's columns. */
final class JsonSampleDecoder implements SampleDecoder {

  private final List<Column> columns;
  private final String newline;
  private final int[] fields;
  private final Map<String, Integer> places = new HashMap<>();
  private final boolean[] seen;

  /**
   * @throws IllegalArgumentException if a projected column does not exist
   */
  JsonSampleDecoder(List<Column> columns, String newline, Schema projection) {
    Projections.places(columns, projection);
    this.columns = columns;
    this.newline = newline;
    this.fields = Projections.fields(columns, projection);
    this.seen = new boolean[fields.length];
    for (int i = 0; i < fields.length; i++) {
      places.put(columns.get(i).name(), i);
    }
  }

  @Override
  public void decode(ByteChunks data, long position, long length, ValueSink sink)
      throws MalformedValueException {
    String line = TextLines.line(data, position, length, newline);
    try (JsonParser json = JsonText.FACTORY.createParser(line)) {
      decode(json, sink);
    } catch (JsonProcessingException e) {
      throw JsonText.malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot happen: the text is in memory", e);
    }
  }

  private void decode(JsonParser json, ValueSink sink) throws IOException, MalformedValueException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new MalformedValueException(0, "the line is not a JSON object");
    }
    Arrays.fill(seen, false);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      Integer place = places.get(name);
      if (place == null || seen[place]) {
        throw new MalformedValueException(
            0,
            String.format(
                Locale.ROOT,
                "key \"%s\" %s",
                PythonNumbers.shorten(name),
                place == null ? "is not a column" : "is there twice"));
      }
      seen[place] = true;
      JsonToken token = json.nextToken();
      try {
        set(json, token, place, sink);
      } catch (MalformedValueException e) {
        throw TextLines.inColumn(columns.get(place), e);
      }
    }
    if (json.nextToken() != null) {
      throw new MalformedValueException(0, "something follows the JSON object");
    }
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i]) {
        throw new MalformedValueException(
            0, "there is no \"" + PythonNumbers.shorten(columns.get(i).name()) + "\"");
      }
    }
  }

  private void set(JsonParser json, JsonToken token, int column, ValueSink sink)
      throws IOException, MalformedValueException {
    TextColumn type = TextColumn.named(columns.get(column).encoding());
    int field = fields[column];
    boolean fits =
        type != null
            && switch (type) {
              case STR -> token == JsonToken.VALUE_STRING;
              // To Python true is an int, and its writer takes it for one.
              case INT -> token == JsonToken.VALUE_NUMBER_INT || token.isBoolean();
              case FLOAT -> token.isNumeric();
            };
    if (type == null || !fits) {
      throw new MalformedValueException(
          0, "the value is " + (token.isScalarValue() ? json.getText() : "an object or a list"));
    }
    JsonText.checkNumber(json, token);
    if (field < 0) {
      return;
    }
    if (token.isBoolean()) {
      sink.setLong(field, token == JsonToken.VALUE_TRUE ? 1 : 0);
    } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      // NaN and the infinities too, which are numbers to this parser.
      sink.setDouble(field, json.getDoubleValue());
    } else {
      String text = json.getText();
      if (!StrictText.isText(text)) {
        throw new MalformedValueException(
            0, "the text has half a surrogate pair, which no text can hold");
      }
      type.set(text, field, sink);
    }
  }
}
