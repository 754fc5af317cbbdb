// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.PermanentStorageException;
import io.millrace.storage.ThrottledException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class StoreErrorsTest {

  private static final ObjectLocation OBJECT = ObjectLocation.of("s3://bucket/x");

  private static IOException map(Exception failure) {
    return StoreErrors.of("open " + OBJECT, OBJECT, failure);
  }

  @Test
  void missingObjectsAreFileNotFound() {
    for (Exception failure :
        new Exception[] {new FileNotFoundException("no x"), new NoSuchFileException("no x")}) {
      assertThat(map(failure))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessage("Cannot open s3://bucket/x: no x")
          .hasCause(failure);
    }
  }

  /** As Java's streams say it. */
  @Test
  void outagesThatLookMissingAreNot() {
    for (String reason :
        List.of(
            "Too many open files",
            "Input/output error",
            "Stale file handle",
            "Transport endpoint is not connected")) {
      assertThat(map(new FileNotFoundException("/x (" + reason + ")")))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("Cannot open s3://bucket/x: /x (" + reason + ")");
    }
    assertThat(map(new FileNotFoundException("/x (No such file or directory)")))
        .isInstanceOf(FileNotFoundException.class);
    assertThat(map(new FileNotFoundException("No such file: /x(1)")))
        .isInstanceOf(FileNotFoundException.class);
  }

  /** Named like Hadoop's, which is not on the class path. */
  private static final class AccessControlException extends IOException {
    private static final long serialVersionUID = 1L;

    AccessControlException(String message) {
      super(message);
    }
  }

  @Test
  void refusalsAreAccessDenied() {
    for (Exception failure :
        new Exception[] {
          new AccessDeniedException("403"),
          new AccessControlException("Permission denied: user=x"),
          new FileNotFoundException("/x (Permission denied)")
        }) {
      assertThat(map(failure))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("Cannot open s3://bucket/x: " + failure.getMessage())
          .hasCause(failure);
    }
  }

  /** Named like those of S3A, Presto and Google's client, which are not on the class path. */
  private static final class UnknownStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    UnknownStoreException(String message) {
      super(message);
    }
  }

  private static final class AWSRedirectException extends IOException {
    private static final long serialVersionUID = 1L;

    AWSRedirectException(String message) {
      super(message);
    }
  }

  private static final class AWSBadRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    AWSBadRequestException(String message) {
      super(message);
    }
  }

  private static final class UnrecoverableS3OperationException extends IOException {
    private static final long serialVersionUID = 1L;

    UnrecoverableS3OperationException(String message) {
      super(message);
    }
  }

  private static final class GoogleJsonResponseException extends IOException {
    private static final long serialVersionUID = 1L;

    GoogleJsonResponseException(String message) {
      super(message);
    }
  }

  @Test
  void aMissingBucketIsFileNotFound() {
    assertThat(map(new UnknownStoreException("`s3a://bucket/x': Bucket does not exist")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("Cannot open s3://bucket/x: `s3a://bucket/x': Bucket does not exist");
  }

  @Test
  void badRequestsArePermanent() {
    for (Exception failure :
        new Exception[] {
          new AWSRedirectException("Received permanent redirect response to region eu-west-1"),
          new AWSBadRequestException("The provided token has expired. (Status Code: 400)"),
          new UnrecoverableS3OperationException("Status Code: 412"),
          new IOException("failed", new AWSBadRequestException("InvalidToken"))
        }) {
      assertThat(map(failure))
          .isInstanceOf(PermanentStorageException.class)
          .hasMessage("Cannot open s3://bucket/x: " + failure.getMessage())
          .hasCause(failure);
    }
    assertThat(map(new AWSBadRequestException("400: RequestTimeout: Your socket connection ...")))
        .isExactlyInstanceOf(IOException.class);
  }

  @Test
  void refusalsAreFoundBelow() {
    for (Exception failure :
        new Exception[] {
          new IOException("Error accessing gs://x", new GoogleJsonResponseException("403 No\n{}")),
          new IOException("Error accessing gs://x", new GoogleJsonResponseException("401 No")),
          new UnrecoverableS3OperationException("Forbidden (Service: S3; Status Code: 403)"),
        }) {
      assertThat(map(failure))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("Cannot open s3://bucket/x: " + failure.getMessage())
          .hasCause(failure);
    }
    assertThat(map(new IOException("x", new GoogleJsonResponseException("500 Backend Error"))))
        .isExactlyInstanceOf(IOException.class);
    assertThat(map(new IOException("x", new GoogleJsonResponseException("403 rateLimitExceeded"))))
        .isInstanceOf(ThrottledException.class);
  }

  @Test
  void throttlingIsToldFromOtherFailures() {
    for (Exception failure :
        new Exception[] {
          new IOException("x: Please reduce your request rate. (Service: S3; Status Code: 503)"),
          new IOException("SlowDown"),
          new IOException("failed", new IOException("429 Too Many Requests"))
        }) {
      assertThat(map(failure))
          .isInstanceOf(ThrottledException.class)
          .hasMessage("Throttled at s3://bucket/x: " + failure.getMessage());
    }
    assertThat(map(new IOException("Status Code: 500"))).isExactlyInstanceOf(IOException.class);
  }

  @Test
  void interruptsKeepTheFlag() {
    for (Exception failure :
        new Exception[] {new InterruptedIOException(), new ClosedByInterruptException()}) {
      assertThat(map(failure))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("Cannot open s3://bucket/x: interrupted")
          .hasCause(failure);
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    }
    assertThat(map(new SocketTimeoutException("slow"))).isExactlyInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).as("interrupt flag").isFalse();
  }

  /** Named like that of Apache's HTTP client, which is not on the class path. */
  private static final class ConnectionPoolTimeoutException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void timeoutsOfClientsAreNotInterrupts() {
    InterruptedIOException failure = new InterruptedIOException("open x: no connection in time");
    failure.initCause(new IllegalStateException(new ConnectionPoolTimeoutException()));

    assertThat(map(failure))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Cannot open s3://bucket/x: open x: no connection in time")
        .hasCause(failure);
    assertThat(Thread.interrupted()).as("interrupt flag").isFalse();

    Thread.currentThread().interrupt();
    assertThat(map(failure)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
  }

  @Test
  void uncheckedErrorsOfClientsBecomeChecked() {
    assertThat(map(new IllegalArgumentException("bad name")))
        .isInstanceOf(PermanentStorageException.class)
        .hasMessage("Cannot open s3://bucket/x: bad name");
    assertThat(map(new UnsupportedOperationException()))
        .isInstanceOf(PermanentStorageException.class)
        .hasMessage("Cannot open s3://bucket/x: UnsupportedOperationException");
    assertThat(map(new IllegalStateException("pool shut down")))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Cannot open s3://bucket/x: pool shut down");
  }

  @Test
  void clientsMessagesAreWithheldWhereTheLocationHoldsASecret() {
    ObjectLocation secret = ObjectLocation.of("s3://key:hidden@bucket/x");

    IOException error =
        StoreErrors.of("open " + secret, secret, new IOException("GET s3://key:hidden@bucket/x"));

    assertThat(error)
        .hasMessage(
            "Cannot open s3://bucket/x: IOException (message withheld, may hold credentials)")
        .hasNoCause();
  }

  @Test
  void clientsInterruptsAreWithheldWhereTheLocationHoldsASecret() {
    ObjectLocation secret = ObjectLocation.of("s3://key:hidden@bucket/x");

    IOException error =
        StoreErrors.of(
            "open " + secret,
            secret,
            new InterruptedIOException("GET s3://key:hidden@bucket/x was interrupted"));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(error)
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("Cannot open s3://bucket/x: interrupted")
        .hasNoCause();
  }
}
