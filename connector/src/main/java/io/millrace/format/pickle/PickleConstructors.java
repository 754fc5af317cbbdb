// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

/**
 * The closed list of what a pickle may name, and what comes of it. All that the machine cannot make
 * itself is asked for here; what is not on the list is refused with a {@link PickleException} whose
 * message has its name. Used by one thread.
 *
 * <p>Arguments are the values that {@link PickleMachine} documents and what these methods returned
 * before. Of the latter only what is a {@link PyKey} may be a dict's key or in a set.
 */
public interface PickleConstructors {

  /** What a global, such as {@code collections OrderedDict}, stands for. */
  Object global(String module, String name) throws PickleException;

  /** The result of {@code callable(*arguments)}. */
  Object call(Object callable, PyTuple arguments) throws PickleException;

  /**
   * The result of {@code type.__new__(type, *arguments, **keywords)}; also what the old opcodes
   * {@code INST} and {@code OBJ} make without arguments.
   *
   * @param keywords empty but for the opcode {@code NEWOBJ_EX}
   */
  Object newObject(Object type, PyTuple arguments, PyDict keywords) throws PickleException;

  /**
   * Sets an object's state, as {@code object.__setstate__(state)} does. The machine calls it for
   * every BUILD, also of its own lists and dicts.
   *
   * @return what stands for the object from now on: it replaces it on the stack and, under the
   *     number that it got there last, in the memo. What refers to the old one by then, such as the
   *     state itself, goes on to
   */
  Object setState(Object object, Object state) throws PickleException;

  /** What a persistent id stands for. */
  Object persistentLoad(Object id) throws PickleException;
}
