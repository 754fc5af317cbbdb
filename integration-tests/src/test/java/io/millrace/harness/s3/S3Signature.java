// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AWS's Signature Version 4, of requests to S3 without a query whose body is not signed. */
final class S3Signature {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String PAYLOAD = "UNSIGNED-PAYLOAD";
  private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";
  private static final String REGION = "us-east-1";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private S3Signature() {}

  /** The headers that sign a request, beside Host. */
  static Map<String, String> headers(S3Access access, String method, URI uri, Instant now) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    String scope = day + "/" + REGION + "/s3/aws4_request";
    String canonical =
        String.join(
            "\n",
            method,
            uri.getRawPath(),
            "",
            "host:" + uri.getRawAuthority(),
            "x-amz-content-sha256:" + PAYLOAD,
            "x-amz-date:" + time,
            "",
            SIGNED,
            PAYLOAD);
    String toSign = String.join("\n", ALGORITHM, time, scope, hex(sha256(canonical)));
    byte[] key = ("AWS4" + access.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {day, REGION, "s3", "aws4_request", toSign}) {
      key = hmac(key, part);
    }
    return Map.of(
        "x-amz-content-sha256",
        PAYLOAD,
        "x-amz-date",
        time,
        "Authorization",
        ALGORITHM
            + " Credential="
            + access.accessKey()
            + "/"
            + scope
            + ", SignedHeaders="
            + SIGNED
            + ", Signature="
            + hex(key));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
