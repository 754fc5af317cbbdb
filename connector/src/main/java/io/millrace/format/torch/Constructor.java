// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;

/** Does what an allowed callable does in Python, on data. */
@FunctionalInterface
interface Constructor {

  /**
   * The result of the call.
   *
   * @param constructors of the pickle that calls
   */
  Object call(TorchConstructors constructors, Arguments arguments) throws PickleException;
}
