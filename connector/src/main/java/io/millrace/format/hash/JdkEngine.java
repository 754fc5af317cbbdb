// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.hash;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** MD5 and the SHA families, of the JDK. */
final class JdkEngine implements HashEngine {

  private final MessageDigest digest;

  JdkEngine(String jdkName) {
    try {
      this.digest = MessageDigest.getInstance(jdkName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime has no hash algorithm " + jdkName, e);
    }
  }

  @Override
  public void update(byte[] array, int offset, int length) {
    digest.update(array, offset, length);
  }

  @Override
  public byte[] digest() {
    return digest.digest();
  }
}
