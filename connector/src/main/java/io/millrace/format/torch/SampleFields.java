// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyNone;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.Primitive;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a file holds apart into named fields. Dicts become dotted names; a list becomes one
 * field where a type holds all of its elements, JSON where all of it is plain, else a field for
 * each element.
 *
 * <p>A field's value is what {@link TorchFile} documents, without dicts, lists, tuples and sets:
 * {@link ListValue}, {@link JsonValue} or {@link EmptyValue} stand for those.
 *
 * <p>Values may be shared, so that a small pickle is a large tree, and may contain themselves: the
 * visits of values are counted, and a circle is the first path that is too deep.
 */
final class SampleFields {

  /** Most fields of a sample, and of a dataset. */
  static final int MAX_FIELDS = 10_000;

  /** Most levels of dicts and lists in each other. */
  static final int MAX_DEPTH = 64;

  /** Most values that are looked at, a shared one as often as it shows. */
  static final int MAX_VISITS = 10_000_000;

  /** The field of a file that does not hold a dict. */
  static final String ROOT = "value";

  private final Map<String, Object> fields = new LinkedHashMap<>();
  private int visits;

  private SampleFields() {}

  /** The fields of a file's value, in order. */
  static Map<String, Object> of(Object root) throws FieldException {
    SampleFields sample = new SampleFields();
    if (root instanceof PyDict dict) {
      sample.addAll("", dict, 1);
    } else {
      sample.add(ROOT, root, 1);
    }
    return sample.fields;
  }

  private void addAll(String prefix, PyDict dict, int depth) throws FieldException {
    checkDepth(prefix, depth);
    for (Map.Entry<Object, Object> item : dict.items().entrySet()) {
      add(name(prefix, PythonText.ofKey(item.getKey())), item.getValue(), depth + 1);
    }
  }

  private static String name(String prefix, String last) throws FieldException {
    if (prefix.length() + last.length() > PythonText.MAX_NAME) {
      throw PythonText.tooLong(prefix.isEmpty() ? last : prefix);
    }
    return prefix + last;
  }

  private void add(String name, Object value, int depth) throws FieldException {
    visit(name, 1);
    Collection<Object> elements = ValueTypes.elementsOf(value);
    if (elements != null) {
      addList(name, elements, depth);
    } else if (!(value instanceof PyDict dict)) {
      put(name, checked(name, value));
    } else if (dict.items().isEmpty()) {
      put(name, EmptyValue.DICT);
    } else {
      addAll(name + ".", dict, depth);
    }
  }

  private void addList(String name, Collection<Object> elements, int depth) throws FieldException {
    checkDepth(name, depth);
    if (elements.isEmpty()) {
      put(name, EmptyValue.LIST);
      return;
    }
    visit(name, elements.size());
    FieldType element = elementType(elements);
    if (element != null) {
      put(name, new ListValue(element, elements));
    } else if (isPlain(name, elements, depth)) {
      put(name, new JsonValue(elements));
    } else {
      int index = 0;
      for (Object item : elements) {
        add(name(name + ".", Integer.toString(index)), item, depth + 1);
        index++;
      }
    }
  }

  private void put(String name, Object value) throws FieldException {
    if (fields.putIfAbsent(name, value) != null) {
      throw new FieldException(
          "it has two values for the field "
              + FieldException.quote(name)
              + ": a key with a dot, or one that is no string, means the same as another");
    }
    if (fields.size() > MAX_FIELDS) {
      throw new FieldException("it has more than " + MAX_FIELDS + " fields");
    }
  }

  private static Object checked(String name, Object value) throws FieldException {
    if (ValueTypes.typeOf(value) == null && !(value instanceof PyNone)) {
      throw new FieldException(
          "its field " + FieldException.quote(name) + " is " + ValueTypes.describe(value));
    }
    return value;
  }

  /** The type of a list's elements; null if none holds them all without loss. */
  private static @Nullable FieldType elementType(Collection<Object> elements) {
    FieldType common = null;
    for (Object element : elements) {
      FieldType type = ValueTypes.typeOf(element);
      if (type == null) {
        return null;
      }
      common = common == null ? type : CommonTypes.ofElements(common, type);
      if (common == null) {
        return null;
      }
    }
    return common == Primitive.FLOAT64 && !areDoubles(elements) ? null : common;
  }

  private static boolean areDoubles(Collection<Object> numbers) {
    return numbers.stream().allMatch(number -> Numbers.toDouble(Numbers.unwrap(number)) != null);
  }

  /** Whether JSON has a form for all elements and for what they contain. */
  private boolean isPlain(String name, Collection<Object> elements, int depth)
      throws FieldException {
    checkDepth(name, depth);
    visit(name, elements.size());
    for (Object element : elements) {
      if (!isPlain(name, element, depth)) {
        return false;
      }
    }
    return true;
  }

  private boolean isPlain(String name, Object value, int depth) throws FieldException {
    if (value instanceof PyNone) {
      return true;
    }
    if (value instanceof PyDict dict) {
      return isPlain(name, dict.items().values(), depth + 1);
    }
    Collection<Object> elements = ValueTypes.elementsOf(value);
    if (elements != null) {
      return isPlain(name, elements, depth + 1);
    }
    FieldType type = ValueTypes.typeOf(value);
    return type != null && CommonTypes.isPlain(type);
  }

  private void visit(String name, int count) throws FieldException {
    visits += count;
    if (visits > MAX_VISITS || visits < 0) {
      throw new FieldException(
          "it has more than "
              + MAX_VISITS
              + " values, counted as often as they show, up to its field "
              + FieldException.quote(name));
    }
  }

  private static void checkDepth(String name, int depth) throws FieldException {
    if (depth > MAX_DEPTH) {
      throw new FieldException(
          "more than "
              + MAX_DEPTH
              + " dicts and lists are nested in each other, or one contains itself, at its field "
              + FieldException.quote(name));
    }
  }
}
