// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ContentHash;
import io.millrace.format.hash.ContentHasher;
import io.millrace.storage.CorruptObjectException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hashes that an index publishes: which are well-formed, and which one to check. Algorithms
 * that nobody here knows are passed over as long as one is known; a file with unknown ones only is
 * refused, for it would go unverified without a word.
 */
final class PublishedHashes {

  /** Fastest first. */
  private static final List<String> PREFERRED =
      List.of(
          "xxh3_64",
          "xxh64",
          "xxh3_128",
          "xxh128",
          "xxh32",
          "md5",
          "sha1",
          "blake2b",
          "sha512",
          "sha384",
          "sha256",
          "sha224",
          "blake2s",
          "sha3_224",
          "sha3_256",
          "sha3_384",
          "sha3_512");

  private static final int SHOWN = 8;

  private final Map<String, Integer> digits = new HashMap<>();

  /** Reads the hashes of one file, lower-cased. */
  Map<String, String> read(IndexFields fields) throws CorruptObjectException {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (String algorithm : fields.keys()) {
      String hex = fields.text(algorithm).toLowerCase(Locale.ROOT);
      if (ContentHasher.known(algorithm)) {
        int expected = digits.computeIfAbsent(algorithm, PublishedHashes::digitsOf);
        if (hex.length() != expected || !hex.matches("[0-9a-f]+")) {
          throw fields.corrupt(
              algorithm,
              String.format(
                  Locale.ROOT,
                  "must be %d hexadecimal digits, not \"%s\"",
                  expected,
                  PythonNumbers.shorten(hex)));
        }
        hashes.put(algorithm, hex);
      }
    }
    if (hashes.isEmpty() && !fields.keys().isEmpty()) {
      throw fields.corrupt(
          fields.place(),
          "has no algorithm that can be verified: "
              + shown(fields.keys())
              + "; known: "
              + String.join(", ", ContentHasher.supported()));
    }
    return hashes;
  }

  private static String shown(Set<String> algorithms) {
    String names =
        algorithms.stream()
            .limit(SHOWN)
            .map(PythonNumbers::shorten)
            .collect(Collectors.joining(", "));
    int more = algorithms.size() - SHOWN;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  private static int digitsOf(String algorithm) {
    return ContentHasher.of(algorithm).hexDigest().length();
  }

  /** Refuses a list of algorithms that a file's hashes, stored or raw, do not keep. */
  static void checkListed(
      IndexFields fields, List<String> algorithms, ShardFile stored, ShardFile raw)
      throws CorruptObjectException {
    boolean none = stored.hashes().isEmpty() && raw.hashes().isEmpty();
    for (String algorithm : algorithms) {
      if (none
          || (ContentHasher.known(algorithm)
              && !stored.hashes().containsKey(algorithm)
              && !raw.hashes().containsKey(algorithm))) {
        throw fields.corrupt(
            "hashes",
            "names "
                + PythonNumbers.shorten(algorithm)
                + ", which "
                + stored.path()
                + " does not have");
      }
    }
  }

  /** The hash of a file that is fastest to check. */
  static Optional<ContentHash> fastest(ShardFile file) {
    for (String algorithm : PREFERRED) {
      String hex = file.hashes().get(algorithm);
      if (hex != null) {
        return Optional.of(new ContentHash(algorithm, hex));
      }
    }
    return file.hashes().entrySet().stream()
        .findFirst()
        .map(entry -> new ContentHash(entry.getKey(), entry.getValue()));
  }
}
