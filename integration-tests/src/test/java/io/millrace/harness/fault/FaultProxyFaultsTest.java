// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.millrace.harness.meter.OriginCounts;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.storage.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each fault as a client of the proxy meets it. */
@Tag("unit")
final class FaultProxyFaultsTest {

  private static final byte[] CONTENT = HttpCalls.noise(300_000);
  private static final RequestPattern GET = RequestPattern.method("GET");

  private TestingOrigin origin;
  private FaultProxy proxy;
  private HttpCalls http;

  @BeforeEach
  void start() throws IOException {
    origin = new TestingOrigin();
    origin.put("/o", CONTENT);
    proxy = FaultProxy.to(origin.uri()).seed(7).start();
    http = new HttpCalls(proxy.uri());
  }

  @AfterEach
  void stop() {
    proxy.close();
    origin.close();
    assertThat(proxy.connections()).isZero();
  }

  private void always(Fault fault) {
    proxy.faults().add(FaultRule.on(GET).fault(fault));
  }

  private Duration timeOf(String target, byte[] expected) throws IOException {
    long begin = System.nanoTime();
    assertThat(http.body(target)).isEqualTo(expected);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void delays() throws IOException {
    always(Fault.delay(Duration.ofMillis(150)));

    assertThat(timeOf("/o", CONTENT)).isBetween(Duration.ofMillis(150), Duration.ofSeconds(20));
    assertThat(proxy.meter().snapshot().faulted().total())
        .isEqualTo(new OriginCounts(1, CONTENT.length, 0));
  }

  @Test
  void slowsDownByAFactorOfWhatItTakesAnyway() throws IOException {
    always(Fault.delay(Duration.ofMillis(10)));
    always(Fault.slower(20));

    assertThat(timeOf("/o", CONTENT)).isBetween(Duration.ofMillis(200), Duration.ofSeconds(30));
  }

  @Test
  void limitsTheBandwidth() throws IOException {
    always(Fault.bandwidth(1_000_000));

    assertThat(timeOf("/o", CONTENT)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(20));
    assertThat(timeOf("/o?chunked", CONTENT)).isGreaterThan(Duration.ofMillis(250));
  }

  @Test
  void answersStatusCodesAsS3Does() throws IOException {
    proxy.faults().add(FaultRule.on(GET.at("^/o$")).fault(Fault.slowDown(Duration.ofSeconds(3))));
    proxy.faults().add(FaultRule.on(GET.at("/s\\?")).fault(Fault.status(403)));

    HttpResponse<byte[]> slowDown = http.get("/o");
    assertThat(slowDown.statusCode()).isEqualTo(503);
    assertThat(slowDown.headers().firstValue("Retry-After")).hasValue("3");
    assertThat(slowDown.body()).asString().contains("<Code>SlowDown</Code>");
    HttpResponse<byte[]> refused = http.get("/s?q");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).asString().contains("<Code>AccessDenied</Code>");
    assertThat(origin.requests()).as("the origin was not asked").isEmpty();
    assertThat(http.get("/s").statusCode()).as("the pattern is of another target").isEqualTo(404);
  }

  @Test
  void answersAStatusToAnUploadAndGoesOn() throws IOException {
    FaultRule rule =
        FaultRule.on(RequestPattern.operation(OriginOperation.PUT, OriginOperation.HEAD))
            .fault(Fault.status(500));
    proxy.faults().add(rule);
    assertThat(http.call("PUT", "/p", BodyPublishers.ofByteArray(CONTENT)).statusCode())
        .isEqualTo(500);
    assertThat(http.call("HEAD", "/o").statusCode()).isEqualTo(500);
    assertThat(
            http.raw(
                "PUT /r HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"))
        .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
        .contains("Connection: close");
    assertThat(proxy.meter().snapshot().of("/p").total())
        .isEqualTo(new OriginCounts(1, bodyLength(), CONTENT.length));

    assertThat(proxy.faults().hits(rule)).isEqualTo(3);
    assertThat(proxy.faults().remove(rule)).isTrue();
    assertThat(http.call("HEAD", "/o").statusCode()).isEqualTo(200);
  }

  private static int bodyLength() {
    return S3Errors.body((Fault.Status) Fault.status(500), "/p").length;
  }

  @Test
  void cutsInMidBody() throws IOException {
    always(Fault.cut(1000));
    String get = " HTTP/1.1\r\nHost: h\r\n\r\n";

    String answer = http.raw("GET /o" + get);
    assertThat(answer).containsIgnoringCase("Content-Length: 300000");
    assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSize(1000);
    assertThatIOException().isThrownBy(() -> http.body("/o"));
    assertThatIOException().isThrownBy(() -> http.body("/o?chunked"));
    origin.put("/short", new byte[10]);
    assertThat(http.raw("GET /short" + get)).endsWith("\r\n\r\n" + "\0".repeat(9));
    assertThatIOException().isThrownBy(() -> http.body("/short?chunked"));
    assertThatIOException().as("no body to cut").isThrownBy(() -> http.body("/none"));
    assertThat(proxy.meter().snapshot().of("/o").faulted().total().bytesRead()).isEqualTo(3000);
  }

  @Test
  void corruptsBytesAndKeepsTheLength() throws IOException {
    always(Fault.corrupt(3));

    byte[] first = http.body("/o");
    assertThat(differences(first)).hasSize(3);
    assertThat(differences(http.body("/o"))).hasSize(3).isNotEqualTo(differences(first));
    assertThat(differences(http.body("/o?chunked"))).hasSize(3);
    origin.put("/tiny", new byte[] {0, 0});
    assertThat(http.body("/tiny")).hasSize(2).doesNotContain(0);
  }

  private static List<Integer> differences(byte[] body) {
    assertThat(body).hasSameSizeAs(CONTENT);
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < body.length; i++) {
      if (body[i] != CONTENT[i]) {
        positions.add(i);
      }
    }
    return positions;
  }

  @Test
  void refusesConnections() {
    always(Fault.refuse());

    assertThatIOException().isThrownBy(() -> http.body("/o"));
    assertThat(origin.requests()).isEmpty();
  }

  @Test
  void hangsUntilItIsReset() {
    always(Fault.hang());
    // Not by the HTTP client, which tries again by itself.
    CompletableFuture<String> hung = later(() -> http.raw("GET /o HTTP/1.1\r\nHost: h\r\n\r\n"));
    Await.until("it hangs", () -> proxy.meter().snapshot().faulted().total().requests() == 1);
    assertThat(hung).isNotDone();

    proxy.reset();

    assertThat(hung.join()).isEmpty();
  }

  @Test
  void endsWhatHangsAndWaitsWhenItIsClosed() {
    proxy.faults().add(FaultRule.on(GET).limit(1).fault(Fault.hang()));
    proxy.faults().add(FaultRule.on(GET).fault(Fault.delay(Duration.ofHours(1))));
    CompletableFuture<byte[]> first = getLater();
    CompletableFuture<byte[]> second = getLater();
    Await.until("both wait", () -> proxy.meter().snapshot().total().requests() == 2);

    proxy.close();

    Await.until("first", first::isCompletedExceptionally);
    Await.until("second", second::isCompletedExceptionally);
    assertThat(proxy.connections()).isZero();
  }

  @Test
  void noticesAClientThatGivesUpWaiting() throws IOException {
    always(Fault.hang());
    try (Socket socket = new Socket(proxy.uri().getHost(), proxy.uri().getPort())) {
      socket
          .getOutputStream()
          .write("GET /o HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      Await.until("it hangs", () -> proxy.meter().snapshot().total().requests() == 1);
    }

    Await.until("the proxy lets go", () -> proxy.connections() == 0);
  }

  private CompletableFuture<byte[]> getLater() {
    return later(() -> http.body("/o"));
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> later(Call<T> call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task, "later").start());
  }

  @Test
  void repeatsARunOfTheSameSeed() throws IOException {
    assertThat(outcomes(proxy)).isEqualTo(outcomes(proxy)).contains("500", "cut");
    try (FaultProxy same = FaultProxy.to(origin.uri()).seed(7).start();
        FaultProxy other = FaultProxy.to(origin.uri()).seed(8).start()) {
      assertThat(outcomes(same)).isEqualTo(outcomes(proxy));
      assertThat(outcomes(other)).isNotEqualTo(outcomes(proxy));
    }
  }

  private static List<String> outcomes(FaultProxy proxy) {
    proxy.reset();
    proxy
        .faults()
        .add(
            FaultRule.on(GET).withProbability(0.2).fault(Fault.status(500)),
            FaultRule.on(GET).withProbability(0.2).fault(Fault.cut(100)),
            FaultRule.on(GET).withProbability(0.2).fault(Fault.corrupt(1)));
    HttpCalls calls = new HttpCalls(proxy.uri());
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      try {
        HttpResponse<byte[]> answer = calls.get("/o");
        outcomes.add(
            answer.statusCode() == 200
                ? differences(answer.body()).toString()
                : String.valueOf(answer.statusCode()));
      } catch (IOException e) {
        outcomes.add("cut");
      }
    }
    return outcomes;
  }
}
