// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.format.mds.TestJson;
import io.millrace.sample.Sample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * 100 pairs of latents and conditions that torch wrote, some compressed, out of the test resources,
 * which may lie in a jar.
 */
public final class TorchPairs {

  private static final String RESOURCES = "/torch/latents-conditions";

  /**
   * What torch read of one pair: the SHA-256 of each tensor's data.
   *
   * @param latents field {@code latents} of the one file
   * @param embeds field {@code prompt_embeds} of the other
   * @param mask field {@code prompt_attention_mask} of that, too
   */
  public record Pair(String latents, String embeds, String mask) implements Serializable {

    /** What a sample with the fields of both files holds. */
    public static Pair of(Sample sample, String latentsField) {
      return new Pair(
          sha256(sample, latentsField),
          sha256(sample, "prompt_embeds"),
          sha256(sample, "prompt_attention_mask"));
    }

    private static String sha256(Sample sample, String field) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of()
            .formatHex(digest.digest(sample.getTensor(field).data().toByteArray()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private TorchPairs() {}

  /**
   * Writes the files to {@code latents} and {@code conditions} below a directory.
   *
   * @return what each pair must be, in order
   */
  public static List<Pair> copyTo(Path directory) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (String line : new String(resource(".truth.jsonl"), UTF_8).lines().toList()) {
      Map<String, Object> facts = TestJson.object(line);
      Map<String, String> hashes = copy(TorchTruth.map(facts.get("latents")), directory);
      hashes.putAll(copy(TorchTruth.map(facts.get("conditions")), directory));
      pairs.add(
          new Pair(
              hashes.get("latents"),
              hashes.get("prompt_embeds"),
              hashes.get("prompt_attention_mask")));
    }
    return pairs;
  }

  private static Map<String, String> copy(Map<String, Object> file, Path directory)
      throws IOException {
    String name = (String) file.get("file");
    Path target = directory.resolve(name);
    Files.createDirectories(target.getParent());
    Files.write(target, resource("/" + name));
    Map<String, String> hashes = new HashMap<>();
    for (Object item : (List<?>) TorchTruth.map(file.get("value")).get("items")) {
      List<?> entry = (List<?>) item;
      String key = (String) TorchTruth.map(entry.get(0)).get("value");
      if (TorchTruth.map(entry.get(1)).get("sha256") instanceof String hash) {
        hashes.put(key, hash);
      }
    }
    return hashes;
  }

  private static byte[] resource(String suffix) throws IOException {
    try (InputStream in = TorchPairs.class.getResourceAsStream(RESOURCES + suffix)) {
      if (in == null) {
        throw new FileNotFoundException(RESOURCES + suffix);
      }
      return in.readAllBytes();
    }
  }
}
