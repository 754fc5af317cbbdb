// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import java.util.List;
import java.util.Map;

/** A value in an index, with where it stands. */
sealed interface IndexNode {

  /** Where the value begins: its path, such as {@code shards[3].samples}, and its byte. */
  Place place();

  /** What it is, for messages. */
  String describe();

  /**
   * A place in an index.
   *
   * @param path keys and numbers that lead there
   * @param offset its first byte in the index
   */
  record Place(String path, long offset) {}

  record ObjectNode(Place place, Map<String, IndexNode> entries) implements IndexNode {
    @Override
    public String describe() {
      return "an object";
    }
  }

  record ListNode(Place place, List<IndexNode> items) implements IndexNode {
    @Override
    public String describe() {
      return "a list";
    }
  }

  record TextNode(Place place, String text) implements IndexNode {
    @Override
    public String describe() {
      return "\"" + PythonNumbers.shorten(text) + "\"";
    }
  }

  /** A whole number within 64 bits. */
  record WholeNode(Place place, long value) implements IndexNode {
    @Override
    public String describe() {
      return Long.toString(value);
    }
  }

  /** Null, true, false, or a number that no key of an index has. */
  record OtherNode(Place place, String text) implements IndexNode {

    static final String NULL = "null";

    boolean isNull() {
      return text.equals(NULL);
    }

    @Override
    public String describe() {
      return PythonNumbers.shorten(text);
    }
  }
}
