// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Checks that a text is one JSON value as Python's {@code json.loads} reads it: {@code NaN}, {@code
 * Infinity} and {@code -Infinity} are numbers, whole numbers have up to {@link
 * PythonNumbers#MAX_INTEGER_DIGITS} digits. Nesting is bounded.
 */
final class JsonText {

  static final int MAX_DEPTH = 1_000;

  /** As many as threads parse at once on large machines; others get new ones. */
  static final int POOLED_BUFFERS = 64;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Not the default, which leaves buffers, and so the job's classes, at Flink's threads.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          // Its names come from data: interning them would fill a table of the process.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(PythonNumbers.MAX_INTEGER_DIGITS + 1)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  static void check(String text) throws MalformedValueException {
    try (JsonParser json = FACTORY.createParser(text)) {
      checkValue(json);
      if (json.nextToken() != null) {
        throw malformed(json, "more than one JSON value");
      }
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot happen: the text is in memory", e);
    }
  }

  private static void checkValue(JsonParser json) throws IOException, MalformedValueException {
    if (json.nextToken() == null) {
      throw new MalformedValueException(0, "no JSON value");
    }
    int depth = 0;
    for (JsonToken token = json.currentToken(); ; token = json.nextToken()) {
      if (token == null) {
        throw malformed(json, "JSON ends within a value");
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else {
        checkNumber(json, token);
      }
      if (depth == 0) {
        return;
      }
    }
  }

  /** Jackson also takes {@code INF}, {@code +Infinity} and the like, which Python refuses. */
  static void checkNumber(JsonParser json, JsonToken token)
      throws IOException, MalformedValueException {
    if (token == JsonToken.VALUE_NUMBER_FLOAT && json.isNaN()) {
      String text = json.getText();
      if (!text.equals("NaN") && !text.equals("Infinity") && !text.equals("-Infinity")) {
        throw malformed(json, "\"" + text + "\" is not a JSON number");
      }
    }
  }

  /** Offsets are of characters, which is near enough to find the place. */
  static MalformedValueException malformed(JsonParser json, String problem) {
    return new MalformedValueException(
        Math.max(0, json.currentTokenLocation().getCharOffset()), problem);
  }

  static MalformedValueException malformed(JsonProcessingException e) {
    long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
    return new MalformedValueException(at, "not valid JSON: " + e.getOriginalMessage(), e);
  }
}
