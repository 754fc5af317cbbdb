// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.hash;

import org.bouncycastle.crypto.Digest;

/** BLAKE2 of Bouncy Castle, unkeyed and of full digest length as hashlib's defaults are. */
final class BlakeEngine implements HashEngine {

  private final Digest digest;

  BlakeEngine(Digest digest) {
    this.digest = digest;
  }

  @Override
  public void update(byte[] array, int offset, int length) {
    digest.update(array, offset, length);
  }

  @Override
  public byte[] digest() {
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }
}
