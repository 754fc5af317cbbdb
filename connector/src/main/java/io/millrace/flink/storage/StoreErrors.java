// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

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
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what file systems throw into what the contract of a store names. Clients of stores are not
 * on the class path here, or in a class loader of their own, so theirs are told by name.
 */
final class StoreErrors {

  private static final int LONGEST_CHAIN = 20;

  private static final Pattern OUTAGE =
      Pattern.compile(
          " \\((Too many open files( in system)?|Input/output error|Stale (NFS )?file handle"
              + "|Transport endpoint is not connected|Connection timed out|Host is down"
              + "|No such device( or address)?|Cannot allocate memory"
              + "|Resource temporarily unavailable|Interrupted system call)\\)$");

  private StoreErrors() {}

  /**
   * @param operation what was tried, as it follows "Cannot", with the location
   */
  static IOException of(String operation, ObjectLocation location, Exception failure) {
    Throwable cause = holdsCredentials(location) ? null : failure;
    if (isInterrupt(failure)) {
      return interrupted(operation, cause);
    }
    String message = "Cannot " + operation + ": " + reasonOf(location, failure);
    if (isRefusal(failure)) {
      return refused(location, message, cause);
    }
    if (isMissing(failure)) {
      return missing(message, cause);
    }
    if (isThrottle(failure)) {
      return withCause(
          new ThrottledException(location, reasonOf(location, failure), Duration.ZERO), cause);
    }
    if (failure instanceof UnsupportedFileSystemSchemeException
        || failure instanceof IllegalArgumentException
        || failure instanceof UnsupportedOperationException
        || isBadRequest(failure)) {
      return withCause(new PermanentStorageException(message), cause);
    }
    return withCause(new IOException(message), cause);
  }

  static FileNotFoundException missing(String message, @Nullable Throwable cause) {
    return withCause(new FileNotFoundException(message), cause);
  }

  /** A directory is there, but its file system lists it as if it were not. */
  static AccessDeniedException unreadable(ObjectLocation directory) {
    return refused(
        directory, "Cannot list " + directory + ": it is there, but may not be read", null);
  }

  /**
   * A directory is there, but not all that is in it.
   *
   * @param lasting whether the same was missing each time
   */
  static IOException incomplete(ObjectLocation directory, boolean lasting, IOException failure) {
    Throwable cause = holdsCredentials(directory) ? null : failure;
    String reason = reasonOf(directory, failure);
    return lasting
        ? withCause(
            new PermanentStorageException(
                "Cannot list "
                    + directory
                    + ": something in it is missing, such as what a link points to: "
                    + reason),
            cause)
        : withCause(
            new IOException(
                "Cannot list " + directory + ": what is in it changes all the time: " + reason),
            cause);
  }

  private static AccessDeniedException refused(
      ObjectLocation location, String message, @Nullable Throwable cause) {
    return withCause(new AccessDeniedException(location.toString(), null, message), cause);
  }

  private static InterruptedIOException interrupted(String operation, @Nullable Throwable cause) {
    Thread.currentThread().interrupt();
    return withCause(new InterruptedIOException("Cannot " + operation + ": interrupted"), cause);
  }

  private static <E extends IOException> E withCause(E error, @Nullable Throwable cause) {
    if (cause != null) {
      error.initCause(cause);
    }
    return error;
  }

  private static boolean isInterrupt(Exception failure) {
    return (failure instanceof InterruptedIOException && !isTimeout(failure))
        || failure instanceof ClosedByInterruptException;
  }

  /**
   * Java and HTTP clients derive time-outs from interrupts. S3A hands them on as interrupts: that
   * no connection of its pool became free in time, for one.
   */
  private static boolean isTimeout(Exception failure) {
    if (Thread.currentThread().isInterrupted()) {
      return false;
    }
    return anyLink(
        failure,
        link ->
            link instanceof SocketTimeoutException || nameOf(link).endsWith("TimeoutException"));
  }

  /**
   * Java's streams say "(Permission denied)" in a FileNotFoundException, Hadoop has its own class;
   * the clients of S3 in Presto's file system and of Google's store leave it to an answer deep
   * down, which for Google's may also be that there are too many requests.
   */
  private static boolean isRefusal(Exception failure) {
    return anyLink(
        failure,
        link ->
            link instanceof AccessDeniedException
                || nameOf(link).equals("AccessControlException")
                || messageOf(link).endsWith("(Permission denied)")
                || messageOf(link).contains("Status Code: 403")
                || (nameOf(link).equals("GoogleJsonResponseException")
                    && messageOf(link).matches("(?s)40[13]\\b.*")
                    && !messageOf(link).contains("ateLimitExceeded")));
  }

  /**
   * S3A has an exception of its own for a bucket that is not there. Java's streams say in a
   * FileNotFoundException, too, that a process has too many files open or a mount is gone.
   */
  private static boolean isMissing(Exception failure) {
    return (failure instanceof FileNotFoundException && !OUTAGE.matcher(messageOf(failure)).find())
        || failure instanceof NoSuchFileException
        || anyLink(failure, link -> nameOf(link).equals("UnknownStoreException"));
  }

  /**
   * That a bucket is elsewhere, a token has expired or a request is malformed. S3 answers 400 to a
   * connection that was too slow, too; that may pass.
   */
  private static boolean isBadRequest(Exception failure) {
    return anyLink(
        failure,
        link ->
            nameOf(link).equals("AWSRedirectException")
                || nameOf(link).equals("UnrecoverableS3OperationException")
                || (nameOf(link).equals("AWSBadRequestException")
                    && !messageOf(link).contains("RequestTimeout")));
  }

  private static boolean isThrottle(Exception failure) {
    return anyLink(
        failure,
        link -> {
          String message = messageOf(link).toLowerCase(Locale.ROOT);
          return nameOf(link).contains("Throttl")
              || nameOf(link).contains("SlowDown")
              || message.contains("slowdown")
              || message.contains("slow down")
              || message.contains("status code: 503")
              || message.contains("status code: 429")
              || message.contains("ratelimitexceeded")
              || message.contains("too many requests");
        });
  }

  private static boolean anyLink(Exception failure, Predicate<Throwable> test) {
    Throwable link = failure;
    for (int i = 0; link != null && i < LONGEST_CHAIN; i++) {
      if (test.test(link)) {
        return true;
      }
      link = link.getCause();
    }
    return false;
  }

  private static String nameOf(Throwable failure) {
    return failure.getClass().getSimpleName();
  }

  private static String reasonOf(ObjectLocation location, Throwable failure) {
    String message = messageOf(failure);
    if (message.isEmpty()) {
      return nameOf(failure);
    }
    if (holdsCredentials(location)) {
      // What the client put into its message, and in which spelling, cannot be known.
      return nameOf(failure) + " (message withheld, may hold credentials)";
    }
    return message;
  }

  private static boolean holdsCredentials(ObjectLocation location) {
    return !location.uri().equals(location.toString());
  }

  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "" : message;
  }
}
