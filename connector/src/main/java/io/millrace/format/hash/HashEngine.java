// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.hash;

/** One library's hash function behind a common face. Digesting starts it afresh. */
sealed interface HashEngine permits JdkEngine, BlakeEngine, XxEngine {

  void update(byte[] array, int offset, int length);

  /** The digest in canonical (big-endian) order. */
  byte[] digest();
}
