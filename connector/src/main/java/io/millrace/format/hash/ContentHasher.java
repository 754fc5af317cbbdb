// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.hash;

import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.storage.ByteChunks;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.jspecify.annotations.Nullable;

/**
 * Hashes bytes as they come, by the algorithm's name in Python's hashlib or xxhash. Used by one
 * thread at a time; holds no resource that must be closed.
 *
 * <p>xxHash has seed 0, {@code xxh128} is another name of {@code xxh3_128}, {@code blake2b} gives
 * 64 bytes and {@code blake2s} 32. The digests are those of the MosaicML Streaming index.
 */
public final class ContentHasher {

  private static final Map<String, Supplier<HashEngine>> ENGINES = engines();

  private final String algorithm;
  private final HashEngine engine;

  private ContentHasher(String algorithm, HashEngine engine) {
    this.algorithm = algorithm;
    this.engine = engine;
  }

  /**
   * A new hasher.
   *
   * @throws IllegalArgumentException if the algorithm is not one of {@link #supported()}
   */
  public static ContentHasher of(String algorithm) {
    @Nullable Supplier<HashEngine> maker = ENGINES.get(algorithm);
    if (maker == null) {
      throw new IllegalArgumentException(
          "Cannot hash with \""
              + algorithm
              + "\": known algorithms are "
              + String.join(", ", ENGINES.keySet()));
    }
    return new ContentHasher(algorithm, maker.get());
  }

  /** Whether {@link #of} takes this name. Names are case-sensitive. */
  public static boolean known(String algorithm) {
    return ENGINES.containsKey(algorithm);
  }

  /** The names that {@link #of} takes, sorted. */
  public static Set<String> supported() {
    return ENGINES.keySet();
  }

  public String algorithm() {
    return algorithm;
  }

  /** Goes on with some bytes of an array. */
  public void update(byte[] array, int offset, int length) {
    engine.update(array, offset, length);
  }

  /** Goes on with a whole run. */
  public void update(ByteChunks bytes) {
    for (var s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      engine.update(s.array(), s.offset(), s.length());
    }
  }

  /**
   * The digest of everything since the last digest, as lower-case hexadecimal digits in canonical
   * (big-endian) order. The hasher starts afresh.
   */
  public String hexDigest() {
    return HexFormat.of().formatHex(engine.digest());
  }

  private static Map<String, Supplier<HashEngine>> engines() {
    Map<String, Supplier<HashEngine>> engines = new TreeMap<>();
    engines.put("md5", () -> new JdkEngine("MD5"));
    engines.put("sha1", () -> new JdkEngine("SHA-1"));
    for (int bits : new int[] {224, 256, 384, 512}) {
      engines.put("sha" + bits, () -> new JdkEngine("SHA-" + bits));
      engines.put("sha3_" + bits, () -> new JdkEngine("SHA3-" + bits));
    }
    engines.put("blake2b", () -> new BlakeEngine(new Blake2bDigest(512)));
    engines.put("blake2s", () -> new BlakeEngine(new Blake2sDigest(256)));
    engines.put("xxh32", () -> new XxEngine(Hashing.xxh32().hashStream()));
    engines.put("xxh64", () -> new XxEngine(Hashing.xxh64().hashStream()));
    engines.put("xxh3_64", () -> new XxEngine(Hashing.xxh3_64().hashStream()));
    engines.put("xxh3_128", () -> new XxEngine(Hashing.xxh3_128().hashStream()));
    engines.put("xxh128", () -> new XxEngine(Hashing.xxh3_128().hashStream()));
    return Collections.unmodifiableMap(engines);
  }
}
