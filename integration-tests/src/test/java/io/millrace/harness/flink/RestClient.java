// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Flink's REST API. Every request blocks for at most {@link #LIMIT}. */
final class RestClient {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Of all clusters: a client has a thread that nothing but the garbage collector ends. */
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final Supplier<URI> address;

  /**
   * @param address asked for every request: a JobManager that is started again has another port
   */
  RestClient(Supplier<URI> address) {
    this.address = address;
  }

  JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody(), "application/json");
  }

  /** What a request for something that may not be there yet answers, if it is answered. */
  Optional<JsonNode> find(String path) {
    try {
      return Optional.of(get(path));
    } catch (FlinkRestException e) {
      return Optional.empty();
    }
  }

  JsonNode post(String path, JsonNode body) {
    return send("POST", path, BodyPublishers.ofString(body.toString()), "application/json");
  }

  void patch(String path) {
    send("PATCH", path, BodyPublishers.noBody(), "application/json");
  }

  /** Uploads a jar to {@code /jars/upload}. */
  JsonNode upload(Path jar) {
    String boundary = "millrace-" + UUID.randomUUID();
    String head =
        String.join(
            "\r\n",
            "--" + boundary,
            "Content-Disposition: form-data; name=\"jarfile\"; filename=\""
                + jar.getFileName()
                + "\"",
            "Content-Type: application/x-java-archive",
            "",
            "");
    try {
      return send(
          "POST",
          "/jars/upload",
          BodyPublishers.concat(
              BodyPublishers.ofString(head, UTF_8),
              BodyPublishers.ofFile(jar),
              BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", UTF_8)),
          "multipart/form-data; boundary=" + boundary);
    } catch (IOException e) {
      throw new FlinkRestException("Cannot upload " + jar, e);
    }
  }

  private JsonNode send(String method, String path, BodyPublisher body, String contentType) {
    URI uri = address.get().resolve("/v1" + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(LIMIT)
            .header("Content-Type", contentType)
            .method(method, body)
            .build();
    try {
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString(UTF_8));
      if (response.statusCode() >= 400) {
        throw new FlinkRestException(
            method + " " + uri + " answered " + response.statusCode() + ": " + reason(response));
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new FlinkRestException(method + " " + uri + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in " + method + " " + uri, e);
    }
  }

  /** Flink answers with the stack trace as a string in JSON, where newlines are hard to read. */
  private static String reason(HttpResponse<String> response) {
    try {
      StringBuilder text = new StringBuilder();
      JSON.readTree(response.body())
          .path("errors")
          .forEach(error -> text.append(error.asText()).append('\n'));
      return text.length() == 0 ? response.body() : text.toString();
    } catch (JsonProcessingException e) {
      return response.body();
    }
  }
}
