// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Fills a server over its API. Not by writing into its directory: it would serve such files without
 * an ETag, as no real store does.
 */
final class S3Uploads {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final S3Access access;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();

  S3Uploads(S3Access access) {
    this.access = access;
  }

  void bucket(String name) throws IOException {
    call("PUT", "/" + encode(name), BodyPublishers.noBody());
  }

  void put(String bucket, String key, Path file) throws IOException {
    call("PUT", "/" + encode(bucket) + "/" + encode(key), BodyPublishers.ofFile(file));
  }

  void delete(String bucket, String key) throws IOException {
    call("DELETE", "/" + encode(bucket) + "/" + encode(key), BodyPublishers.noBody());
  }

  private void call(String method, String path, BodyPublisher body) throws IOException {
    URI uri = URI.create(access.endpoint() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT).method(method, body);
    S3Signature.headers(access, method, uri, Instant.now()).forEach(request::header);
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IOException(
            "Cannot "
                + method
                + " "
                + uri
                + ": status "
                + answer.statusCode()
                + ": "
                + answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Cannot " + method + " " + uri + ": interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** As signatures want it: all but unreserved characters, and slashes. */
  private static String encode(String key) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || "-._~/".indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }
}
