// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.format.pickle.MadeObject.Named;
import java.util.List;

/**
 * Takes every name and writes down what is done with it; refuses what Python would refuse: calling
 * what is no class, and giving a state to what takes none. {@code OrderedDict} and {@code
 * defaultdict} become dicts.
 */
final class RecordingConstructors implements PickleConstructors {

  @Override
  public Object global(String module, String name) {
    return new Named(module, name);
  }

  @Override
  public Object call(Object callable, PyTuple arguments) throws PickleException {
    Named type = named(callable);
    if (type.module().equals("collections") && type.name().endsWith("ict")) {
      return new PyDict();
    }
    return MadeObject.of("call", type, arguments, new PyDict());
  }

  @Override
  public Object newObject(Object type, PyTuple arguments, PyDict keywords) throws PickleException {
    return MadeObject.of("new", named(type), arguments, keywords);
  }

  private static Named named(Object value) throws PickleException {
    if (value instanceof Named named) {
      return named;
    }
    throw new PickleException(PyValues.describe(value) + " cannot be called");
  }

  @Override
  public Object setState(Object object, Object state) throws PickleException {
    if (object instanceof MadeObject made) {
      made.states().add(state);
      return made;
    }
    throw new PickleException(PyValues.describe(object) + " takes no state");
  }

  @Override
  public Object persistentLoad(Object id) {
    return MadeObject.of("persistent", PyNone.NONE, new PyTuple(List.of(id)), new PyDict());
  }
}
