// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.millrace.format.mds.IndexNode.ListNode;
import io.millrace.format.mds.IndexNode.ObjectNode;
import io.millrace.format.mds.IndexNode.OtherNode;
import io.millrace.format.mds.IndexNode.Place;
import io.millrace.format.mds.IndexNode.TextNode;
import io.millrace.format.mds.IndexNode.WholeNode;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an {@code index.json} as a stream, one shard's object in memory at a time, with bounds on
 * nesting, numbers, strings and the size of a shard's object. A key that occurs twice is an error;
 * keys beside {@code version} and {@code shards} are skipped, as the reference reader does.
 */
final class IndexParser {

  private static final int VERSION = 2;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_STRING = 1 << 16;
  private static final int MAX_NUMBER = 1_000;
  private static final int MAX_NODES = 1 << 20;

  /** Keys and values of one shard's object; two thousand columns with names of 16 Ki. */
  private static final long MAX_CHARACTERS = 32 << 20;

  /** An error this near to the end is most often a cut: {@code nul}, {@code fals}. */
  private static final int LAST_TOKEN = 8;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Not the default, which leaves buffers, and so the job's classes, at Flink's threads.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(JsonText.POOLED_BUFFERS))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // An index is UTF-8; zero bytes at its start would make it UTF-32.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .maxNameLength(MAX_STRING)
                  .maxNumberLength(MAX_NUMBER)
                  .build())
          .build();

  private final JsonParser json;
  private final ObjectLocation index;
  private int nodes;
  private long characters;

  private IndexParser(JsonParser json, ObjectLocation index) {
    this.json = json;
    this.index = index;
  }

  /** Takes the shards one after the other. */
  interface ShardConsumer {
    void accept(int number, ObjectNode shard) throws IOException;
  }

  /**
   * Reads the whole index.
   *
   * @param length bytes of the index
   * @throws CorruptObjectException if it is not what an index is; the offset is in the index
   */
  static void parse(InputStream in, long length, ObjectLocation index, ShardConsumer shards)
      throws IOException {
    try (JsonParser json = FACTORY.createParser(in)) {
      new IndexParser(json, index).parseIndex(shards);
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw new CorruptObjectException(
          index,
          offset,
          "not a valid index"
              + (offset >= length - LAST_TOKEN ? ", perhaps cut: " : ": ")
              + e.getOriginalMessage(),
          e);
    }
  }

  private void parseIndex(ShardConsumer shards) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw corrupt("an index is a JSON object, and this is none");
    }
    boolean sawVersion = false;
    boolean sawShards = false;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "version" -> {
          checkVersion();
          sawVersion = true;
        }
        case "shards" -> {
          parseShards(shards);
          sawShards = true;
        }
        default -> json.skipChildren();
      }
    }
    if (!sawVersion || !sawShards) {
      throw corrupt("the index has no " + (sawVersion ? "\"shards\"" : "\"version\""));
    }
    if (json.nextToken() != null) {
      throw corrupt("something follows the index");
    }
  }

  private void checkVersion() throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || !json.getText().equals(Integer.toString(VERSION))) {
      throw corrupt(
          "version must be 2, not "
              + (json.currentToken().isScalarValue()
                  ? PythonNumbers.shorten(json.getText())
                  : "an object or a list"));
    }
  }

  private void parseShards(ShardConsumer shards) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw corrupt("shards must be a list");
    }
    int number = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String path = "shards[" + number + "]";
      nodes = 0;
      characters = 0;
      if (!(parseNode(path) instanceof ObjectNode shard)) {
        throw corrupt(path + " must be an object");
      }
      shards.accept(number++, shard);
    }
  }

  private IndexNode parseNode(String path) throws IOException {
    if (++nodes > MAX_NODES) {
      throw corrupt("a shard of more than " + MAX_NODES + " values");
    }
    Place place = new Place(path, json.currentTokenLocation().getByteOffset());
    if (json.currentToken().isScalarValue()) {
      count(json.getTextLength());
    }
    return switch (json.currentToken()) {
      case START_OBJECT -> parseObject(place);
      case START_ARRAY -> parseList(place);
      case VALUE_STRING -> new TextNode(place, json.getText());
      case VALUE_NUMBER_INT ->
          switch (json.getNumberType()) {
            case INT, LONG -> new WholeNode(place, json.getLongValue());
            default -> new OtherNode(place, json.getText());
          };
      default -> new OtherNode(place, json.getText());
    };
  }

  private void count(long more) throws IOException {
    characters += more;
    if (characters > MAX_CHARACTERS) {
      throw corrupt("a shard of more than " + MAX_CHARACTERS + " characters");
    }
  }

  private ObjectNode parseObject(Place place) throws IOException {
    Map<String, IndexNode> entries = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      count(key.length());
      json.nextToken();
      entries.put(key, parseNode(place.path() + "." + PythonNumbers.shorten(key)));
    }
    return new ObjectNode(place, entries);
  }

  private ListNode parseList(Place place) throws IOException {
    List<IndexNode> items = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(parseNode(place.path() + "[" + items.size() + "]"));
    }
    return new ListNode(place, items);
  }

  private CorruptObjectException corrupt(String problem) {
    return new CorruptObjectException(
        index, Math.max(0, json.currentTokenLocation().getByteOffset()), problem);
  }
}
