// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.harness.meter.OriginCounts;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.harness.meter.OriginSnapshot;
import io.millrace.storage.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the proxy does as long as no rule says otherwise. */
@Tag("unit")
final class FaultProxyTest {

  private static final byte[] CONTENT = HttpCalls.noise(300_000);

  private TestingOrigin origin;
  private FaultProxy proxy;
  private HttpCalls http;

  @BeforeEach
  void start() throws IOException {
    origin = new TestingOrigin();
    origin.put("/o", CONTENT);
    proxy = FaultProxy.to(origin.uri()).start();
    http = new HttpCalls(proxy.uri());
  }

  @AfterEach
  void stop() {
    proxy.close();
    origin.close();
    assertThat(proxy.connections()).isZero();
  }

  @Test
  void passesBodiesOfKnownAndUnknownLengthUnchanged() throws IOException {
    assertThat(http.body("/o")).isEqualTo(CONTENT);
    assertThat(http.body("/o?chunked")).isEqualTo(CONTENT);
    HttpResponse<byte[]> range =
        http.send(http.request("/o").header("Range", "bytes=1000-200999").build());
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.body()).hasSize(200_000).startsWith(CONTENT[1000], CONTENT[1001]);
    origin.put("/empty", new byte[0]);
    assertThat(http.body("/empty")).isEmpty();
    assertThat(http.get("/none").statusCode()).isEqualTo(404);
  }

  @Test
  void passesTheLengthOfAHead() throws IOException {
    HttpResponse<byte[]> head = http.call("HEAD", "/o");

    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(300_000);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void takesBodiesOfKnownAndUnknownLength() throws IOException {
    http.call("PUT", "/p", BodyPublishers.ofByteArray(CONTENT));
    assertThat(origin.get("/p")).isEqualTo(CONTENT);
    http.call("PUT", "/q", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(CONTENT)));
    assertThat(origin.get("/q")).isEqualTo(CONTENT);
    assertThat(http.call("POST", "/o", BodyPublishers.ofString("echo")).body())
        .asString()
        .isEqualTo("echo");
    assertThat(http.call("DELETE", "/p").statusCode()).isEqualTo(204);
    assertThat(origin.get("/p")).isEmpty();
  }

  @Test
  void asksTheOriginForTheWordBeforeABody() throws IOException {
    HttpResponse<byte[]> answer =
        http.send(
            http.request("/p")
                .expectContinue(true)
                .PUT(BodyPublishers.ofByteArray(CONTENT))
                .build());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(origin.get("/p")).isEqualTo(CONTENT);
    assertThat(
            http.raw(
                "PUT /r HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                    + "Connection: close\r\n\r\nhi"))
        .startsWith("HTTP/1.1 100 Continue\r\n")
        .contains("\r\n\r\nHTTP/1.1 200 OK\r\n");
    assertThat(origin.get("/r")).asString().isEqualTo("hi");
  }

  @Test
  void leavesPathQueryAndHostAsTheyAre() throws IOException {
    String target = "/a%20b/%C3%BC+%2B//c/../d?x=%2F&y&z=a+b";

    http.raw("GET " + target + " HTTP/1.1\r\nhOST: bucket.example:81\r\nConnection: close\r\n\r\n");

    assertThat(origin.requests()).containsExactly("GET " + target + " bucket.example:81");
    assertThat(proxy.meter().snapshot().objects()).containsExactly("/a%20b/%C3%BC+%2B//c/../d");
  }

  @Test
  void answersSeveralRequestsOnOneConnection() throws IOException {
    String get = "GET /o HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1\r\n";

    String answers = http.raw(get + "\r\n" + get + "\r\n" + get + "Connection: close\r\n\r\n");

    assertThat(answers.split("HTTP/1.1 206", -1)).hasSize(4);
  }

  @Test
  void opensAnotherConnectionWhereTheOriginHasClosedItsOwn() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (ServerSocket forgetful = new ServerSocket(0);
        FaultProxy before =
            FaultProxy.to(URI.create("http://127.0.0.1:" + forgetful.getLocalPort())).start()) {
      Future<Integer> served = executor.submit(() -> answerOnceEach(forgetful, 3));
      String get = "GET / HTTP/1.1\r\nHost: h\r\n";

      String answers =
          new HttpCalls(before.uri())
              .raw(get + "\r\n" + get + "\r\n" + get + "Connection: close\r\n\r\n");

      assertThat(answers.split("\r\n\r\nok", -1)).hasSize(4);
      assertThat(served.get()).isEqualTo(3);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Closes each connection after an answer that promises to keep it. */
  private static int answerOnceEach(ServerSocket server, int count) throws IOException {
    int served = 0;
    while (served < count) {
      try (Socket socket = server.accept()) {
        HttpHead head = HttpHead.read(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        if (head != null) {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.UTF_8));
          served++;
        }
      }
    }
    return served;
  }

  @Test
  void countsRequestsAndBytes() throws IOException {
    OriginSnapshot before = proxy.meter().snapshot();
    http.body("/o");
    http.body("/o?chunked");
    http.call("HEAD", "/o");
    http.call("PUT", "/p", BodyPublishers.ofByteArray(new byte[77]));
    http.get("/none");

    OriginSnapshot seen = proxy.meter().since(before);
    assertThat(seen.of("/o").of(OriginOperation.GET).total())
        .isEqualTo(new OriginCounts(2, 600_000, 0));
    assertThat(seen.of(OriginOperation.HEAD).total()).isEqualTo(new OriginCounts(1, 0, 0));
    assertThat(seen.of("/p").total()).isEqualTo(new OriginCounts(1, 0, 77));
    assertThat(seen.objects()).isEqualTo(Set.of("/o", "/p", "/none"));
    assertThat(seen.faulted().total()).isEqualTo(OriginCounts.NONE);
    assertThat(seen.unfaulted()).isEqualTo(seen);
    proxy.reset();
    assertThat(proxy.meter().snapshot().counts()).isEmpty();
  }

  @Test
  void doesNotCountWhatAClientDidNotTake() throws IOException {
    byte[] large = new byte[64 << 20];
    origin.put("/large", large);
    try (Socket socket = new Socket(proxy.uri().getHost(), proxy.uri().getPort())) {
      socket
          .getOutputStream()
          .write("GET /large HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(1000)).hasSize(1000);
    }
    Await.until("the proxy notices", () -> proxy.connections() == 0);

    assertThat(proxy.meter().snapshot().total().bytesRead()).isBetween(1L, large.length / 2L);
  }

  @Test
  void refusesToConnectWhileItPauses() throws IOException {
    http.body("/o");
    proxy.pause();

    assertThatIOException().isThrownBy(() -> http.body("/o")).isInstanceOf(ConnectException.class);
    proxy.resume();

    assertThat(http.body("/o")).isEqualTo(CONTENT);
    proxy.close();
    assertThatIllegalStateException()
        .isThrownBy(proxy::resume)
        .withMessage("Cannot listen at " + proxy.uri() + ": the proxy is closed");
  }

  @Test
  void saysThatThereIsNoOrigin() throws IOException {
    origin.close();

    assertThat(http.get("/o").statusCode()).isEqualTo(502);
  }

  @Test
  void refusesOriginsThatItCannotServe() {
    for (String uri : List.of("https://h:1", "http://h", "/h:1")) {
      assertThatIllegalArgumentException().isThrownBy(() -> FaultProxy.to(URI.create(uri)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultProxy.to(URI.create("https://h:1")))
        .withMessage("Cannot put a proxy before https://h:1: must be http://HOST:PORT");
  }
}
