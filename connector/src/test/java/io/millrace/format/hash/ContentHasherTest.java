// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

@Tag("unit")
final class ContentHasherTest {

  private static final Pattern FILE =
      Pattern.compile("\"basename\": *\"([^\"]+)\"[^{]*\"hashes\": *\\{([^}]*)}");
  private static final Pattern HASH = Pattern.compile("\"(\\w+)\": *\"(\\w+)\"");
  private static final String VECTORS = "/io/millrace/format/hash/vectors.csv";

  @ParameterizedTest
  @CsvFileSource(resources = VECTORS)
  void hashesAsPythonDoes(String algorithm, int length, String digest) {
    byte[] bytes = bytes(length);
    ContentHasher hasher = ContentHasher.of(algorithm);
    hasher.update(bytes, 0, length);
    assertThat(hasher.hexDigest()).isEqualTo(digest);
  }

  @ParameterizedTest
  @CsvFileSource(resources = VECTORS)
  void hashesTheSameInPiecesAndAgainAfterADigest(String algorithm, int length, String digest) {
    byte[] bytes = bytes(length);
    Random random = new Random(length);
    ContentHasher hasher = ContentHasher.of(algorithm);
    for (int round = 0; round < 3; round++) {
      for (int done = 0; done < length; ) {
        int count = Math.min(length - done, random.nextInt(1 << random.nextInt(18)));
        hasher.update(bytes, done, count);
        done += count;
      }
      assertThat(hasher.hexDigest()).isEqualTo(digest);
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = VECTORS)
  void hashesRunsOfSeveralChunks(String algorithm, int length, String digest) {
    byte[] bytes = bytes(length);
    ByteChunks chunks = ByteChunks.allocate(length);
    for (var s = chunks.first(0, length); s != null; s = s.next()) {
      System.arraycopy(bytes, (int) s.position(), s.array(), s.offset(), s.length());
    }
    ContentHasher hasher = ContentHasher.of(algorithm);
    hasher.update(chunks);
    assertThat(hasher.hexDigest()).isEqualTo(digest);
    assertThat(hasher.algorithm()).isEqualTo(algorithm);
  }

  /** The set publishes all 17 hashes of each of its five shards. */
  @Test
  void hashesAsMosaicStreamingPublishes() throws IOException {
    String index = new String(resource("index.json"), StandardCharsets.UTF_8);
    Matcher files = FILE.matcher(index);
    List<String> checked = new ArrayList<>();
    while (files.find()) {
      byte[] bytes = resource(files.group(1));
      Matcher hashes = HASH.matcher(files.group(2));
      while (hashes.find()) {
        ContentHasher hasher = ContentHasher.of(hashes.group(1));
        hasher.update(bytes, 0, bytes.length);
        assertThat(hasher.hexDigest()).as(files.group(1)).isEqualTo(hashes.group(2));
        checked.add(hashes.group(1));
      }
    }
    assertThat(checked).hasSize(5 * 17).containsAll(ContentHasher.supported());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream file =
        ContentHasherTest.class.getResourceAsStream("/mds/mds-all-none/" + name)) {
      assertThat(file).as(name).isNotNull();
      return file.readAllBytes();
    }
  }

  @Test
  void namesWhatItKnows() {
    assertThat(ContentHasher.supported())
        .containsExactly(
            "blake2b",
            "blake2s",
            "md5",
            "sha1",
            "sha224",
            "sha256",
            "sha384",
            "sha3_224",
            "sha3_256",
            "sha3_384",
            "sha3_512",
            "sha512",
            "xxh128",
            "xxh32",
            "xxh3_128",
            "xxh3_64",
            "xxh64")
        .allMatch(ContentHasher::known);
    assertThat(ContentHasher.known("shake_128")).isFalse();
    assertThat(ContentHasher.known("SHA1")).isFalse();
  }

  @Test
  void refusesUnknownAlgorithmsWithTheListOfKnownOnes() {
    assertThatThrownBy(() -> ContentHasher.of("crc32"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot hash with \"crc32\": known algorithms are blake2b, blake2s, md5, sha1, sha224,"
                + " sha256, sha384, sha3_224, sha3_256, sha3_384, sha3_512, sha512, xxh128, xxh32,"
                + " xxh3_128, xxh3_64, xxh64");
  }

  /** The bytes that the vectors are of. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 8) * 17 + (i >>> 16));
    }
    if (length == 1) {
      bytes[0] = 'a';
    }
    return bytes;
  }
}
