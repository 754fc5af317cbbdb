// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.LIST;
import static io.millrace.storage.TestingObjectStore.Operation.OPEN;
import static io.millrace.storage.TestingObjectStore.Operation.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which replica a request goes to, and what it says when none answers. */
@Tag("unit")
final class ReplicatedObjectStoreTest {

  private static final ObjectLocation SOMEWHERE = ObjectLocation.of("file:/x");

  @TempDir private Path directory;

  private TestingReplicas replicas;
  private ObjectStore store;
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    replicas = new TestingReplicas(directory, 3);
    store = replicas.store();
    object = replicas.write("a/object", new byte[] {1, 2, 3, 4});
  }

  @Test
  void asksTheFirstReplicaAsLongAsItAnswers() throws IOException {
    store.list(replicas.root(0));
    store.status(object);
    store.open(object).close();

    assertThat(replicas.requests(0)).containsExactly(LIST, STATUS, OPEN);
    assertThat(replicas.base.requests()).hasSize(3);
    assertThat(replicas.fallbacks()).isZero();
  }

  static Stream<IOException> failures() {
    return Stream.of(
        new IOException("reset"),
        new SocketTimeoutException("slow"),
        new RequestTimeoutException(StorageRequest.open(SOMEWHERE), Duration.ofSeconds(1)),
        new ThrottledException(SOMEWHERE, "503", Duration.ofMinutes(1)),
        new FileNotFoundException("gone"),
        new NoSuchFileException("gone"),
        new AccessDeniedException("secret"),
        new PermanentStorageException("never"),
        new CorruptObjectException(SOMEWHERE, 0, "truncated"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void asksTheNextReplicaAtOnceWhateverTheFailure(IOException failure) throws IOException {
    replicas.onRequest(
        0,
        request -> {
          throw failure;
        });

    assertThat(store.status(object).version().length()).isEqualTo(4);

    assertThat(replicas.requests(0)).containsExactly(STATUS);
    assertThat(replicas.requests(1)).containsExactly(STATUS);
    assertThat(replicas.requests(2)).isEmpty();
    assertThat(replicas.clock.sleeps()).isEmpty();
    assertThat(replicas.fallbacks()).isEqualTo(1);
  }

  @Test
  void asksTheLastReplicaWhenAllBeforeFail() throws IOException {
    replicas.breakDown(0);
    replicas.breakDown(1);

    assertThat(store.list(replicas.root(0))).hasSize(1);

    assertThat(replicas.base.requests()).hasSize(3);
    assertThat(replicas.fallbacks()).isEqualTo(1);
  }

  @Test
  void namesObjectsByWhereTheyLieBelowTheFirstRoot() throws IOException {
    replicas.breakDown(0);

    assertThat(store.list(replicas.root(0)))
        .containsExactly(
            new ObjectStatus(replicas.root(0).resolve("a"), new ObjectVersion(0, 0, ""), true));
    assertThat(store.status(object))
        .isEqualTo(new ObjectStatus(object, new ObjectVersion(4, 0, ""), false));
    assertThat(store.list(replicas.root(0).resolve("a"))).containsExactly(store.status(object));
    try (RangeReader reader = store.open(object)) {
      assertThat(reader.location()).isEqualTo(object);
    }
    replicas.mend(0);
    replicas.clock.advance(Duration.ofSeconds(10));
    assertThat(store.status(object)).isEqualTo(store.list(replicas.root(0).resolve("a")).get(0));
  }

  @Test
  void tellsTheSameVersionWhicheverReplicaAnswers() throws IOException {
    Files.setLastModifiedTime(replicas.path(0).resolve("a/object"), FileTime.fromMillis(1_000));
    ObjectVersion before = store.status(object).version();
    replicas.breakDown(0);

    assertThat(store.status(object).version()).isEqualTo(before);
  }

  @Test
  void neverMergesTwoListings() throws IOException {
    replicas.write("a/only-in-1", new byte[1], 1);
    replicas.write("a/only-in-0", new byte[1], 0);
    replicas.breakDown(0);

    assertThat(store.list(replicas.root(0).resolve("a")))
        .extracting(child -> child.location().name())
        .containsExactly("object", "only-in-1");
  }

  @Test
  void saysWhatEachReplicaSaidWhenAllFail() {
    replicas.breakDown(0);
    replicas.onRequest(
        1,
        request -> {
          throw new FileNotFoundException("gone");
        });
    replicas.onRequest(
        2,
        request -> {
          throw new IOException();
        });

    assertThatIOException()
        .isThrownBy(() -> store.open(object))
        .withMessage(
            "Cannot open %s: all 3 replicas failed: %s: broken 0; %s: gone; %s: IOException",
            object, replicas.root(0), replicas.root(1), replicas.root(2))
        .satisfies(e -> assertThat(e.getCause()).hasMessage("broken 0"))
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getClass)
                    .isEqualTo(List.of(FileNotFoundException.class, IOException.class)));
    assertThat(replicas.fallbacks()).isZero();
  }

  @Test
  void showsNoCredentialsOfARoot() {
    List<ObjectLocation> roots =
        Stream.of("s3://key:secret@one/d", "s3://key:secret@two/d")
            .map(ObjectLocation::of)
            .toList();
    ObjectStore failing =
        new ReplicatedObjectStore(
            new FailingStore(),
            new Replicas(roots, replicas.clock, replicas.counters),
            () -> false);

    assertThatIOException()
        .isThrownBy(() -> failing.status(roots.get(0).resolve("x")))
        .withMessage(
            "Cannot read the status of s3://one/d/x: all 2 replicas failed: s3://one/d: no;"
                + " s3://two/d: no");
  }

  private static final class FailingStore implements ObjectStore {

    @Override
    public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
      throw new IOException("no");
    }

    @Override
    public ObjectStatus status(ObjectLocation object) throws IOException {
      throw new IOException("no");
    }

    @Override
    public RangeReader open(ObjectLocation object) throws IOException {
      throw new IOException("no");
    }
  }

  private void failWith(IOException... failures) {
    for (int i = 0; i < failures.length; i++) {
      IOException failure = failures[i];
      replicas.onRequest(
          i,
          request -> {
            throw failure;
          });
    }
  }

  @Test
  void failsWithWhatMayPassIfAnythingMay() {
    failWith(
        new FileNotFoundException("gone"),
        new PermanentStorageException("never"),
        new IOException("reset"));

    assertThatIOException()
        .isThrownBy(() -> store.status(object))
        .satisfies(e -> assertThat(Retries.isPermanent(e)).isFalse())
        .withMessageContaining(": gone;")
        .satisfies(e -> assertThat(e.getCause()).hasMessage("reset"));
  }

  @Test
  void waitsAsLongAsAThrottlingReplicaAsks() {
    failWith(
        new FileNotFoundException("gone"),
        new ThrottledException(SOMEWHERE, "503", Duration.ofSeconds(9)),
        new IOException("reset"));

    assertThatExceptionOfType(ThrottledException.class)
        .isThrownBy(() -> store.status(object))
        .withMessageStartingWith("Throttled at " + object + ": all 3 replicas failed: ")
        .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(9)));
  }

  static Stream<IOException> permanentFailures() {
    return Stream.of(
        new FileNotFoundException("gone"),
        new AccessDeniedException("secret"),
        new PermanentStorageException("never"),
        new CorruptObjectException(SOMEWHERE, 17, "truncated"));
  }

  @ParameterizedTest
  @MethodSource("permanentFailures")
  void failsAsTheFirstReplicaIfNothingMayPass(IOException first) {
    failWith(first, new FileNotFoundException("two"), new AccessDeniedException("three"));

    assertThatThrownBy(() -> store.status(object))
        .isExactlyInstanceOf(first.getClass())
        .hasMessageContaining("all 3 replicas failed: ")
        .hasMessageContaining(": two; ")
        .hasMessageContaining(object.toString())
        .satisfies(e -> assertThat(e.getCause()).isSameAs(first))
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
  }

  @Test
  void namesTheObjectAndOffsetThatTheFirstReplicaFoundCorrupt() {
    CorruptObjectException corrupt = new CorruptObjectException(SOMEWHERE, 17, "truncated");
    failWith(corrupt, corrupt, corrupt);

    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(() -> store.status(object))
        .withMessageStartingWith("Corrupt object " + object + " at offset 17: all 3 replicas")
        .satisfies(e -> assertThat(e.object()).isEqualTo(object));
  }

  static Stream<IOException> interrupts() {
    return Stream.of(new InterruptedIOException("interrupted"), new ClosedByInterruptException());
  }

  @ParameterizedTest
  @MethodSource("interrupts")
  void anInterruptEndsTheRequestAndIsNoReplicasFault(IOException interrupt) throws IOException {
    failWith(interrupt);

    assertThatThrownBy(() -> store.status(object)).isSameAs(interrupt);
    assertThat(replicas.base.requests()).hasSize(1);

    replicas.mend(0);
    store.status(object);
    assertThat(replicas.requests(0)).hasSize(2);
  }

  @Test
  void anInterruptThatShowsAsAnotherFailureIsOneToo() throws IOException {
    replicas.onRequest(
        0,
        request -> {
          Thread.currentThread().interrupt();
          throw new IOException("stream closed");
        });

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> store.status(object))
        .withMessage("Cannot read the status of " + object + ": interrupted")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("stream closed"));
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(replicas.base.requests()).hasSize(1);

    replicas.mend(0);
    store.status(object);
    assertThat(replicas.requests(0)).hasSize(2);
  }

  @Test
  void avoidsAReplicaThatFailedAndTriesItAgainLater() throws IOException {
    replicas.breakDown(0);
    store.status(object);
    replicas.mend(0);

    store.status(object);
    assertThat(replicas.requests(0)).as("avoided").hasSize(1);
    replicas.clock.advance(Duration.ofSeconds(10));
    store.status(object);
    store.status(object);

    assertThat(replicas.requests(0)).as("preferred again").hasSize(3);
    assertThat(replicas.requests(1)).hasSize(2);
    assertThat(replicas.fallbacks()).isEqualTo(2);
  }

  @Test
  void doesNotAvoidAReplicaThatLacksAnObject() throws IOException {
    replicas.write("b", new byte[1], 1);

    store.status(replicas.root(0).resolve("b"));
    store.status(object);

    assertThat(replicas.requests(0)).hasSize(2);
    assertThat(replicas.fallbacks()).isEqualTo(1);
  }

  @Test
  void asksAvoidedReplicasLast() throws IOException {
    replicas.breakDown(0);
    store.status(object);
    replicas.mend(0);
    replicas.breakDown(1);
    replicas.breakDown(2);

    assertThat(store.status(object).version().length()).isEqualTo(4);

    assertThat(replicas.base.requests())
        .extracting(request -> request.location().uri().replaceAll(".*replica-(.).*", "$1"))
        .containsExactly("0", "1", "1", "2", "0");
    assertThat(replicas.fallbacks()).as("the first one answered").isEqualTo(1);
    store.status(object);
    assertThat(replicas.requests(0)).as("it is believed again").hasSize(3);
    assertThat(replicas.requests(1)).hasSize(2);
  }

  @Test
  void tellsTheStatusOfTheFirstCopyOfTheExpectedLength() throws IOException {
    replicas.write("a/object", new byte[3], 0);

    assertThat(store.status(object, new ObjectVersion(4, 1_000, "etag")))
        .isEqualTo(new ObjectStatus(object, new ObjectVersion(4, 0, ""), false));
    store.status(object);

    assertThat(replicas.requests(0)).as("it is not avoided").containsExactly(STATUS, STATUS);
    assertThat(replicas.requests(1)).containsExactly(STATUS);
    assertThat(replicas.requests(2)).isEmpty();
  }

  @Test
  void saysThatAnObjectChangedIfNoCopyHasTheExpectedLength() throws IOException {
    ObjectVersion expected = new ObjectVersion(5, 0, "");
    Files.delete(replicas.path(0).resolve("a/object"));

    assertThatExceptionOfType(ObjectChangedException.class)
        .isThrownBy(() -> store.status(object, expected))
        .withMessageStartingWith(
            "Object " + object + " changed while being read: all 3 replicas failed: ")
        .withMessageContaining(
            replicas.root(1)
                + ": Object "
                + replicas.root(1)
                + "/a/object changed while being read: expected "
                + expected
                + ", found "
                + new ObjectVersion(4, 0, ""));
    assertThatExceptionOfType(ObjectChangedException.class)
        .isThrownBy(() -> store.open(object, expected));
    assertThat(replicas.base.count(OPEN)).isZero();
  }

  @Test
  void aReplicaThatFailsMayStillHaveTheExpectedLength() {
    ObjectVersion expected = new ObjectVersion(5, 0, "");
    replicas.breakDown(2);

    assertThatIOException()
        .isThrownBy(() -> store.status(object, expected))
        .satisfies(e -> assertThat(Retries.isPermanent(e)).isFalse())
        .satisfies(e -> assertThat(e.getCause()).hasMessage("broken 2"));
  }

  @Test
  void opensTheVersionThatTheReplicaHas() throws IOException {
    List<ObjectVersion> asked = new ArrayList<>();
    ObjectStore recording =
        new ObjectStore() {
          @Override
          public List<ObjectStatus> list(ObjectLocation directory) {
            return List.of();
          }

          @Override
          public ObjectStatus status(ObjectLocation location) {
            return new ObjectStatus(location, new ObjectVersion(4, 2_000, ""), false);
          }

          @Override
          public RangeReader open(ObjectLocation location) throws IOException {
            return replicas.base.open(location);
          }

          @Override
          public RangeReader open(ObjectLocation location, ObjectVersion expected)
              throws IOException {
            asked.add(expected);
            return open(location);
          }
        };
    ObjectStore replicated =
        new ReplicatedObjectStore(
            recording,
            new Replicas(replicas.roots(), replicas.clock, replicas.counters),
            () -> false);

    replicated.open(object, new ObjectVersion(4, 1_000, "etag")).close();

    assertThat(asked).containsExactly(new ObjectVersion(4, 2_000, ""));
  }

  @Test
  void refusesObjectsThatAreNotBelowTheFirstRoot() {
    ObjectLocation elsewhere = replicas.root(1).resolve("a/object");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.status(elsewhere))
        .withMessageEndingWith("it is not below " + replicas.root(0));
  }

  @Test
  void refusesTheSameRootTwice() {
    List<ObjectLocation> roots = List.of(SOMEWHERE, ObjectLocation.of("file:/x/"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Replicas(roots, replicas.clock, replicas.counters))
        .withMessage("Cannot use file:/x twice as a replica");
  }
}
