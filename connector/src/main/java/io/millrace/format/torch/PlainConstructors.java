// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleConstructors;
import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyTuple;

/** For the pickles of the legacy layout that consist of numbers, text, lists and dicts. */
enum PlainConstructors implements PickleConstructors {
  NONE;

  @Override
  public Object global(String module, String name) throws PickleException {
    throw new PickleException(
        "it names " + Quoted.plain(module + "." + name) + " where there are only plain values");
  }

  @Override
  public Object call(Object callable, PyTuple arguments) throws PickleException {
    throw refused();
  }

  @Override
  public Object newObject(Object type, PyTuple arguments, PyDict keywords) throws PickleException {
    throw refused();
  }

  @Override
  public Object setState(Object object, Object state) throws PickleException {
    throw refused();
  }

  @Override
  public Object persistentLoad(Object id) throws PickleException {
    throw refused();
  }

  private static PickleException refused() {
    return new PickleException("it makes an object where there are only plain values");
  }
}
