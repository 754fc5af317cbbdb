// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.mds.IndexNode.ListNode;
import io.millrace.format.mds.IndexNode.ObjectNode;
import io.millrace.format.mds.IndexNode.OtherNode;
import io.millrace.format.mds.IndexNode.Place;
import io.millrace.format.mds.IndexNode.TextNode;
import io.millrace.format.mds.IndexNode.WholeNode;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the typed values out of an object of an index; what has another type is an error. */
final class IndexFields {

  private final ObjectLocation index;
  private final ObjectNode object;

  IndexFields(ObjectLocation index, ObjectNode object) {
    this.index = index;
    this.object = object;
  }

  /** Refuses an object that has not exactly these keys, as the reference reader does. */
  void requireKeys(Set<String> keys) throws CorruptObjectException {
    for (String key : keys) {
      get(key);
    }
    for (var entry : object.entries().entrySet()) {
      if (!keys.contains(entry.getKey())) {
        throw corrupt(entry.getValue().place(), "is a key that MDS does not have");
      }
    }
  }

  boolean isNull(String key) throws CorruptObjectException {
    return get(key) instanceof OtherNode other && other.isNull();
  }

  String text(String key) throws CorruptObjectException {
    return text(get(key));
  }

  private String text(IndexNode node) throws CorruptObjectException {
    if (node instanceof TextNode text) {
      return text.text();
    }
    throw wrong(node, "a string");
  }

  long whole(String key, long most) throws CorruptObjectException {
    return whole(get(key), most);
  }

  private long whole(IndexNode node, long most) throws CorruptObjectException {
    if (node instanceof WholeNode whole && whole.value() >= 0 && whole.value() <= most) {
      return whole.value();
    }
    throw wrong(node, "a whole number from 0 to " + most);
  }

  List<String> texts(String key) throws CorruptObjectException {
    List<String> texts = new ArrayList<>();
    for (IndexNode item : list(key).items()) {
      texts.add(text(item));
    }
    return texts;
  }

  /** Whole numbers; 0 where there is null. */
  List<Long> wholesOrNull(String key, long most) throws CorruptObjectException {
    List<Long> values = new ArrayList<>();
    for (IndexNode item : list(key).items()) {
      boolean none = item instanceof OtherNode other && other.isNull();
      values.add(none ? 0 : whole(item, most));
    }
    return values;
  }

  private ListNode list(String key) throws CorruptObjectException {
    IndexNode node = get(key);
    if (node instanceof ListNode list) {
      return list;
    }
    throw wrong(node, "a list");
  }

  IndexFields object(String key) throws CorruptObjectException {
    IndexNode node = get(key);
    if (node instanceof ObjectNode entries) {
      return new IndexFields(index, entries);
    }
    throw wrong(node, "an object");
  }

  Set<String> keys() {
    return object.entries().keySet();
  }

  IndexNode get(String key) throws CorruptObjectException {
    @Nullable IndexNode node = object.entries().get(key);
    if (node == null) {
      throw corrupt(object.place(), "has no \"" + key + "\"");
    }
    return node;
  }

  Place place() {
    return object.place();
  }

  CorruptObjectException wrong(IndexNode node, String expected) {
    return corrupt(node.place(), "must be " + expected + ", not " + node.describe());
  }

  /** An error at one key of this object. */
  CorruptObjectException corrupt(String key, String problem) {
    @Nullable IndexNode node = object.entries().get(key);
    return corrupt(node == null ? object.place() : node.place(), problem);
  }

  CorruptObjectException corrupt(Place at, String problem) {
    return new CorruptObjectException(index, at.offset(), at.path() + " " + problem);
  }
}
