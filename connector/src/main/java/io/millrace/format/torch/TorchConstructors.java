// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleConstructors;
import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyNone;
import io.millrace.format.pickle.PyTuple;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the pickle of a torch file may name, and what comes of it. Made for one pickle.
 *
 * <p>A name becomes a {@link TorchConstant}, callable or not, a storage a tensor of one dimension:
 * so whatever a pickle leaves in its result is a value.
 */
final class TorchConstructors implements PickleConstructors {

  private final Storages storages;
  private final Allowance allowance;

  private final IdentityHashMap<TensorValue, TorchDtype> storageDtypes = new IdentityHashMap<>();

  private final Set<Object> tensorsInParts = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param pickle bytes of the pickle
   */
  TorchConstructors(Storages storages, long pickle) {
    this.storages = storages;
    this.allowance = new Allowance(pickle);
  }

  Allowance allowance() {
    return allowance;
  }

  @Override
  public Object global(String module, String name) throws PickleException {
    return ClosedList.find(module, name);
  }

  @Override
  public Object call(Object callable, PyTuple arguments) throws PickleException {
    if (!(callable instanceof TorchConstant constant)) {
      throw new PickleException(Arguments.typeOf(callable) + " cannot be called");
    }
    Constructor constructor = ClosedList.constructor(constant);
    if (constructor == null) {
      throw new PickleException(constant.text() + " may be named, but not called");
    }
    return constructor.call(this, new Arguments(constant.text(), arguments));
  }

  @Override
  public Object newObject(Object type, PyTuple arguments, PyDict keywords) throws PickleException {
    if (arguments.size() > 0 || !keywords.items().isEmpty()) {
      throw new PickleException(
          Arguments.typeOf(type) + " is made with arguments that its class would not take");
    }
    return call(type, arguments);
  }

  @Override
  public Object setState(Object object, Object state) throws PickleException {
    if (object == NumpyArrays.UNBUILT) {
      return NumpyArrays.build(this, state);
    }
    if (object instanceof TorchConstant constant && NumpyDtype.of(constant) != null) {
      return NumpyDtype.withState(constant, state);
    }
    if (object instanceof PyDict && isAttributes(state)) {
      return object;
    }
    throw new PickleException(
        Arguments.typeOf(object) + " is given a state that its class would not take");
  }

  /** What an object has beside its content, such as the versions in a state dict's metadata. */
  private static boolean isAttributes(Object state) {
    return state instanceof PyDict || state == PyNone.NONE;
  }

  @Override
  public Object persistentLoad(Object id) throws PickleException {
    PersistentId storage = PersistentId.of(id);
    TensorValue all = TensorViews.all(storage.in(storages));
    storageDtypes.put(all, storage.dtype());
    return all;
  }

  /** Remembers a dict that stands for a tensor which is not dense. */
  PyDict tensorInParts(PyDict parts) {
    tensorsInParts.add(parts);
    return parts;
  }

  /** Whether a value stands for a tensor, of any layout. */
  boolean isTensor(Object value) {
    return value instanceof TensorValue || tensorsInParts.contains(value);
  }

  /** The type of a storage's elements; null if the tensor does not stand for a storage. */
  @Nullable TorchDtype storageDtype(TensorValue tensor) {
    return storageDtypes.get(tensor);
  }
}
