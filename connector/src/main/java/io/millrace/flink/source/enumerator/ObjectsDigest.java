// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.flink.annotation.Internal;

/**
 * Tells one set of objects from another, whatever their order and the shards that they are grouped
 * to: so that sets can be put together. It is the sum of the objects' hashes modulo 2^256, which
 * guards against accidents, not against someone who looks for collisions.
 *
 * @param objects number of objects
 * @param sum hexadecimal, 64 digits
 */
@Internal
public record ObjectsDigest(long objects, String sum) {

  private static final int BYTES = 32;
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * BYTES);

  static final ObjectsDigest NONE = new ObjectsDigest(0, "0".repeat(2 * BYTES));

  public ObjectsDigest {
    if (objects < 0 || sum.length() != 2 * BYTES) {
      throw new IllegalArgumentException(
          "Cannot use the digest " + sum + " of " + objects + " objects");
    }
  }

  /** Over path and length of each object. */
  static ObjectsDigest of(ShardList shards) {
    MessageDigest digest = ManifestDigest.newSha256();
    BigInteger sum = BigInteger.ZERO;
    long objects = 0;
    for (Shard shard : shards) {
      for (ShardObject object : shard.objects()) {
        String line = object.path() + '\0' + object.version().length();
        sum = sum.add(new BigInteger(1, digest.digest(line.getBytes(StandardCharsets.UTF_8))));
        objects++;
      }
    }
    return new ObjectsDigest(objects, hex(sum.mod(MODULUS)));
  }

  /** The digest of both sets, which have no object in common. */
  ObjectsDigest plus(ObjectsDigest other) {
    BigInteger both = new BigInteger(sum, 16).add(new BigInteger(other.sum, 16));
    return new ObjectsDigest(objects + other.objects, hex(both.mod(MODULUS)));
  }

  private static String hex(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] padded = new byte[BYTES];
    int from = Math.max(0, bytes.length - BYTES); // a leading zero of the sign
    System.arraycopy(bytes, from, padded, BYTES - (bytes.length - from), bytes.length - from);
    return HexFormat.of().formatHex(padded);
  }
}
