// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;

/** One attempt of a request. */
@FunctionalInterface
interface StorageCall<T> {

  T run() throws IOException;
}
