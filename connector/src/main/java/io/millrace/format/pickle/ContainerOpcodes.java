// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.List;

/** Executes what makes and fills lists, tuples, dicts and sets. */
final class ContainerOpcodes {

  private final PickleStack stack;

  ContainerOpcodes(PickleStack stack) {
    this.stack = stack;
  }

  void execute(Opcode opcode) throws PickleException {
    switch (opcode) {
      case EMPTY_LIST -> stack.push(new PyList());
      case LIST -> stack.push(filled(new PyList(), stack.popToMark()));
      case APPEND -> append();
      case APPENDS -> extend();
      case EMPTY_TUPLE -> stack.push(PyTuple.EMPTY);
      case TUPLE -> stack.push(tuple(stack.popToMark()));
      case TUPLE1 -> stack.push(new PyTuple(List.of(stack.pop())));
      case TUPLE2 -> pair();
      case TUPLE3 -> triple();
      case EMPTY_DICT -> stack.push(new PyDict());
      case DICT -> stack.push(filled(new PyDict(), stack.popToMark()));
      case SETITEM -> setItem();
      case SETITEMS -> setItems();
      case EMPTY_SET -> stack.push(new PySet());
      case FROZENSET -> stack.push(filled(new PySet(), stack.popToMark()));
      case ADDITEMS -> addItems();
      default -> throw new IllegalStateException("Cannot execute " + opcode + " on containers");
    }
  }

  private void append() throws PickleException {
    Object item = stack.pop();
    list().add(item);
  }

  private void extend() throws PickleException {
    Object[] items = stack.popToMark();
    filled(list(), items);
  }

  private PyList list() throws PickleException {
    if (stack.peek() instanceof PyList list) {
      return list;
    }
    throw wrongType("a list");
  }

  private static PyList filled(PyList list, Object[] items) {
    for (Object item : items) {
      list.add(item);
    }
    return list;
  }

  private static PyTuple tuple(Object[] items) {
    return items.length == 0 ? PyTuple.EMPTY : new PyTuple(List.of(items));
  }

  private void pair() throws PickleException {
    Object second = stack.pop();
    Object first = stack.pop();
    stack.push(new PyTuple(List.of(first, second)));
  }

  private void triple() throws PickleException {
    Object third = stack.pop();
    Object second = stack.pop();
    Object first = stack.pop();
    stack.push(new PyTuple(List.of(first, second, third)));
  }

  private void setItem() throws PickleException {
    Object value = stack.pop();
    Object key = stack.pop();
    dict().put(key, value);
  }

  private void setItems() throws PickleException {
    Object[] items = stack.popToMark();
    filled(dict(), items);
  }

  private PyDict dict() throws PickleException {
    if (stack.peek() instanceof PyDict dict) {
      return dict;
    }
    throw wrongType("a dict");
  }

  private static PyDict filled(PyDict dict, Object[] items) throws PickleException {
    if (items.length % 2 != 0) {
      throw new PickleException("the last of " + items.length + " keys and values has no value");
    }
    for (int i = 0; i < items.length; i += 2) {
      dict.put(items[i], items[i + 1]);
    }
    return dict;
  }

  private void addItems() throws PickleException {
    Object[] items = stack.popToMark();
    if (!(stack.peek() instanceof PySet set)) {
      throw wrongType("a set");
    }
    filled(set, items);
  }

  private static PySet filled(PySet set, Object[] items) throws PickleException {
    for (Object item : items) {
      set.add(item);
    }
    return set;
  }

  private PickleException wrongType(String wanted) throws PickleException {
    return new PickleException("it needs " + wanted + ", not " + PyValues.describe(stack.peek()));
  }
}
