// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;

/** Knows where in a file its storages lie. */
interface Storages {

  /**
   * A storage by what a pickle says of it.
   *
   * @param key its name in the file
   * @param dtype type of its elements, which has a size
   * @param elements how many it has
   * @throws PickleException if the file has no such storage or says otherwise
   */
  Storage find(String key, TorchDtype dtype, long elements) throws PickleException;
}
