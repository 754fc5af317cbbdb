// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import io.millrace.harness.fault.FaultProxy;
import io.millrace.harness.fault.RequestClassifier;
import io.millrace.harness.process.JavaProcess;
import io.millrace.harness.process.Runtimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;

/**
 * An S3 server (s3proxy before a directory) as a process of its own on a free port of the loopback
 * address, with made-up credentials whose signatures it checks. Buckets are in the path.
 *
 * <p>Whoever starts it closes it, which ends the process and deletes what it held; both also happen
 * when this JVM is killed. Thread-safe.
 */
public final class S3Endpoint implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final String HOST = "127.0.0.1";
  private static final String ACCESS_KEY = "millrace-test-access";
  private static final String SECRET_KEY = "millrace-test-secret";

  /** Jetty's word that it listens, and where. */
  private static final Pattern LISTENS =
      Pattern.compile("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)}");

  private final Path directory;
  private final JavaProcess process;
  private final S3Access access;
  private final S3Uploads uploads;

  private S3Endpoint(Path directory, JavaProcess process, int port) {
    this.directory = directory;
    this.process = process;
    this.access = new S3Access(URI.create("http://" + HOST + ":" + port), ACCESS_KEY, SECRET_KEY);
    this.uploads = new S3Uploads(access);
  }

  /**
   * Starts a server with empty buckets, and blocks until it serves, some seconds.
   *
   * @param buckets names of at least three characters, as S3 has them
   * @throws IllegalStateException if its jars are not there; the message says how to bring them
   * @throws UncheckedIOException if a bucket cannot be made
   */
  public static S3Endpoint start(String... buckets) {
    try {
      Path directory = Files.createTempDirectory("millrace-s3-");
      boolean started = false;
      try {
        S3Endpoint endpoint = start(directory, buckets);
        started = true;
        return endpoint;
      } finally {
        if (!started) {
          delete(directory);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start an S3 server: " + e.getMessage(), e);
    }
  }

  private static S3Endpoint start(Path directory, String... buckets) throws IOException {
    JavaProcess process = launch(directory);
    boolean serves = false;
    try {
      String port = process.awaitLine(LISTENS, START_LIMIT).group(1);
      S3Endpoint endpoint = new S3Endpoint(directory, process, Integer.parseInt(port));
      for (String bucket : buckets) {
        endpoint.uploads.bucket(bucket);
      }
      serves = true;
      return endpoint;
    } finally {
      if (!serves) {
        process.close();
      }
    }
  }

  private static JavaProcess launch(Path directory) throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path logging = directory.resolve("logback.xml");
    Files.writeString(logging, LOGGING);
    Path properties = directory.resolve("s3proxy.properties");
    Files.write(
        properties,
        List.of(
            "s3proxy.endpoint=http://" + HOST + ":0",
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            "jclouds.provider=filesystem-nio2",
            "jclouds.identity=unused",
            "jclouds.credential=unused",
            "jclouds.filesystem.basedir=" + data));
    return JavaProcess.builder("S3 server")
        .classpath(Runtimes.jars(Runtimes.directory("s3proxy").resolve("lib")))
        .jvmArgs(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + directory,
            "-Dlogback.configurationFile=" + logging)
        .mainClass("org.gaul.s3proxy.Main")
        .args("--properties", properties.toString())
        .log(directory.resolve("s3proxy.log"))
        .deleteWhenOrphaned(directory)
        .start();
  }

  /** Its default is DEBUG, which is three times slower; the one line of INFO tells the port. */
  private static final String LOGGING =
      """
      <configuration>
        <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
          <encoder>
            <pattern>%d{HH:mm:ss.SSS} %-5level [%thread] %logger - %msg%n</pattern>
          </encoder>
        </appender>
        <root level="warn">
          <appender-ref ref="console"/>
        </root>
        <logger name="org.gaul.shaded.org.eclipse.jetty.server.AbstractConnector" level="info"/>
      </configuration>
      """;

  /** How clients reach it without a proxy. */
  public S3Access direct() {
    return access;
  }

  /** How clients reach it by way of a proxy, which {@link #proxy} has begun. */
  public S3Access behind(FaultProxy proxy) {
    return new S3Access(proxy.uri(), access.accessKey(), access.secretKey());
  }

  /** Begins a proxy before it that knows S3's requests; the caller starts and closes it. */
  public FaultProxy.Builder proxy() {
    return FaultProxy.to(access.endpoint()).classifier(RequestClassifier.s3());
  }

  /** What Flink needs to reach it without a proxy, see {@link S3Access#flinkConfiguration}. */
  public Configuration flinkConfiguration() {
    return access.flinkConfiguration();
  }

  /** An object or prefix as Flink names it. */
  public String uri(String bucket, String key) {
    return "s3://" + bucket + "/" + key;
  }

  /**
   * Uploads the files beneath a directory, or one file under the prefix itself.
   *
   * @param prefix begins their keys, without a slash at its end; empty for none
   * @throws UncheckedIOException if a file cannot be read or the server refuses it
   */
  public void put(Path tree, String bucket, String prefix) {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String path = tree.relativize(file).toString().replace('\\', '/');
        String key = prefix.isEmpty() || path.isEmpty() ? prefix + path : prefix + "/" + path;
        uploads.put(bucket, key, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot upload " + tree + ": " + e.getMessage(), e);
    }
  }

  /**
   * Deletes an object, if it is there.
   *
   * @throws UncheckedIOException if the server refuses it
   */
  public void delete(String bucket, String key) {
    try {
      uploads.delete(bucket, key);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + uri(bucket, key), e);
    }
  }

  /** Makes another bucket, or nothing if there is one of this name. */
  public void createBucket(String bucket) {
    try {
      uploads.bucket(bucket);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the bucket " + bucket, e);
    }
  }

  /** The server's process, for a test that kills it or wants its log. */
  public JavaProcess process() {
    return process;
  }

  /** Ends the server and deletes its objects and its log. Idempotent. */
  @Override
  public void close() {
    process.close();
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + directory, e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
