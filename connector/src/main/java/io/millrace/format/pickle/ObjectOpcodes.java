// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.List;

/** Executes what names, makes or changes an object: asks {@link PickleConstructors} for it. */
final class ObjectOpcodes {

  /** Longest module, name or persistent id that is looked at, in bytes. */
  private static final int LONGEST_NAME = 1_000;

  private final PickleReader reader;
  private final PickleStack stack;
  private final PickleMemo memo;
  private final PickleConstructors constructors;

  ObjectOpcodes(
      PickleReader reader, PickleStack stack, PickleMemo memo, PickleConstructors constructors) {
    this.reader = reader;
    this.stack = stack;
    this.memo = memo;
    this.constructors = constructors;
  }

  void execute(Opcode opcode) throws PickleException {
    switch (opcode) {
      case GLOBAL -> stack.push(global());
      case STACK_GLOBAL -> stackGlobal();
      case REDUCE -> reduce();
      case NEWOBJ -> newObject(new PyDict());
      case NEWOBJ_EX -> newObject(dict(stack.pop()));
      case INST -> inst();
      case OBJ -> obj();
      case BUILD -> build();
      case PERSID -> stack.push(constructors.persistentLoad(name()));
      case BINPERSID -> stack.push(constructors.persistentLoad(stack.pop()));
      default -> throw new IllegalStateException("Cannot execute " + opcode + " on objects");
    }
  }

  private Object global() throws PickleException {
    String module = name();
    return constructors.global(module, name());
  }

  private String name() throws PickleException {
    String name = reader.readText(reader.lineLength(LONGEST_NAME));
    reader.skip(1);
    return name;
  }

  private void stackGlobal() throws PickleException {
    Object name = stack.pop();
    Object module = stack.pop();
    if (!(module instanceof String moduleText) || !(name instanceof String nameText)) {
      throw new PickleException(
          "it needs two str, not " + PyValues.describe(module) + " and " + PyValues.describe(name));
    }
    stack.push(constructors.global(moduleText, nameText));
  }

  private void reduce() throws PickleException {
    PyTuple arguments = tuple(stack.pop());
    stack.push(constructors.call(stack.pop(), arguments));
  }

  private void newObject(PyDict keywords) throws PickleException {
    PyTuple arguments = tuple(stack.pop());
    stack.push(constructors.newObject(stack.pop(), arguments, keywords));
  }

  private void inst() throws PickleException {
    Object type = global();
    stack.push(instance(type, List.of(stack.popToMark())));
  }

  private void obj() throws PickleException {
    List<Object> values = List.of(stack.popToMark());
    if (values.isEmpty()) {
      throw new PickleException("there is no class above the mark");
    }
    stack.push(instance(values.get(0), values.subList(1, values.size())));
  }

  /** As Python does: without arguments a class is not called. */
  private Object instance(Object type, List<Object> arguments) throws PickleException {
    return arguments.isEmpty()
        ? constructors.newObject(type, PyTuple.EMPTY, new PyDict())
        : constructors.call(type, new PyTuple(arguments));
  }

  private void build() throws PickleException {
    Object state = stack.pop();
    Object object = stack.peek();
    Object built = constructors.setState(object, state);
    if (built != object) {
      stack.replace(built);
      memo.replace(stack.remembered(), object, built);
    }
  }

  private static PyTuple tuple(Object value) throws PickleException {
    if (value instanceof PyTuple tuple) {
      return tuple;
    }
    throw new PickleException("its arguments must be a tuple, not " + PyValues.describe(value));
  }

  private static PyDict dict(Object value) throws PickleException {
    if (value instanceof PyDict dict) {
      return dict;
    }
    throw new PickleException("its keywords must be a dict, not " + PyValues.describe(value));
  }
}
