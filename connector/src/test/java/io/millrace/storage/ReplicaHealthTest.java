// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.SubstituteLogger;

/** When a replica is avoided, and for how long. */
@Tag("unit")
final class ReplicaHealthTest {

  private static final ObjectLocation ROOT = ObjectLocation.of("s3://key:secret@bucket/data");

  private final TestingClock clock = new TestingClock();
  private final Queue<SubstituteLoggingEvent> log = new ArrayDeque<>();
  private final ReplicaHealth health =
      new ReplicaHealth(ROOT, clock, new SubstituteLogger("test", log, false));

  private ReplicaHealth.Turn turn() {
    ReplicaHealth.Turn turn = health.turn();
    assertThat(turn).as("turn").isNotNull();
    return turn;
  }

  private void fail(ReplicaHealth.@Nullable Turn turn) {
    try (turn) {
      turn.failed(new IOException("reset"));
    }
  }

  private void succeed(ReplicaHealth.Turn turn) {
    try (turn) {
      turn.succeeded();
    }
  }

  /** Seconds until it gives a turn again. */
  private long pause() {
    long seconds = 0;
    for (; seconds < 1000; seconds++) {
      try (ReplicaHealth.Turn turn = health.turn()) {
        if (turn != null) {
          return seconds;
        }
      }
      clock.advance(Duration.ofSeconds(1));
    }
    return seconds;
  }

  @Test
  void doublesThePauseUpToFiveMinutesWhileItFails() {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      fail(turn());
      pauses.add(pause());
    }

    assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
  }

  @Test
  void beginsWithTheFirstPauseAgainAfterASuccess() {
    fail(turn());
    pause();
    fail(turn());
    pause();
    succeed(turn());
    assertThat(pause()).isZero();

    fail(turn());

    assertThat(pause()).isEqualTo(10);
  }

  static Stream<IOException> failuresOfOneObject() {
    ObjectVersion version = new ObjectVersion(1, 0, "");
    return Stream.of(
        new FileNotFoundException("gone"),
        new NoSuchFileException("gone"),
        new NotDirectoryException("file"),
        new CorruptObjectException(ROOT, 0, "truncated"),
        new ObjectChangedException(ROOT, version, version));
  }

  @ParameterizedTest
  @MethodSource("failuresOfOneObject")
  void failuresOfOneObjectSayNothingOfIt(IOException failure) {
    try (ReplicaHealth.Turn turn = turn()) {
      turn.failed(failure);
    }
    assertThat(pause()).isZero();
  }

  @ParameterizedTest
  @MethodSource("failuresOfOneObject")
  void failuresOfOneObjectLeaveTheTrialToTheNextRequest(IOException failure) {
    fail(turn());
    clock.advance(Duration.ofSeconds(10));
    try (ReplicaHealth.Turn turn = turn()) {
      turn.failed(failure);
      assertThat(health.turn()).as("while it is tried").isNull();
    }

    fail(turn());

    assertThat(pause()).as("tried, not believed").isEqualTo(20);
  }

  static Stream<IOException> failuresOfTheReplica() {
    return Stream.of(
        new IOException("reset"),
        new AccessDeniedException("secret"),
        new PermanentStorageException("unknown scheme"),
        new ThrottledException(ROOT, "503", Duration.ZERO),
        new RequestTimeoutException(StorageRequest.open(ROOT), Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @MethodSource("failuresOfTheReplica")
  void otherFailuresSpeakAgainstIt(IOException failure) {
    try (ReplicaHealth.Turn turn = turn()) {
      turn.failed(failure);
    }
    assertThat(pause()).isEqualTo(10);
  }

  @Test
  void oneRequestTriesItAgainAndOthersAvoidItMeanwhile() {
    fail(turn());
    clock.advance(Duration.ofSeconds(10));

    ReplicaHealth.Turn trial = turn();
    clock.advance(Duration.ofMinutes(10));
    assertThat(health.turn()).isNull();
    succeed(trial);

    assertThat(health.turn()).isNotNull();
    assertThat(health.turn()).isNotNull();
  }

  @Test
  void aTrialThatFoundNothingOutLeavesItToTheNextRequest() {
    fail(turn());
    clock.advance(Duration.ofSeconds(10));
    turn().close();

    assertThat(health.turn()).isNotNull();
  }

  @Test
  void requestsUnderWayWhenItBreaksCountAsOneFailure() {
    List<ReplicaHealth.Turn> underWay = Stream.generate(this::turn).limit(100).toList();

    underWay.forEach(this::fail);

    assertThat(pause()).isEqualTo(10);
  }

  @Test
  void aRequestThatBeganBeforeItBrokeDoesNotBringItBack() {
    ReplicaHealth.Turn early = turn();
    fail(turn());

    succeed(early);

    assertThat(pause()).isEqualTo(10);
  }

  @Test
  void aRequestThatBeganBeforeItRecoveredDoesNotBreakIt() {
    ReplicaHealth.Turn early = turn();
    fail(turn());
    pause();
    succeed(turn());

    fail(early);

    assertThat(pause()).isZero();
  }

  @Test
  void aLastResortThatSucceedsBringsItBack() {
    fail(turn());

    succeed(health.lastResort());

    assertThat(pause()).isZero();
  }

  @Test
  void aLastResortThatFailsDoesNotProlongThePause() {
    fail(turn());
    clock.advance(Duration.ofSeconds(4));

    fail(health.lastResort());

    assertThat(pause()).isEqualTo(6);
    fail(turn());
    assertThat(pause()).isEqualTo(20);
  }

  @Test
  void aTrialDoesNotJudgeAfterALastResortBroughtItBack() {
    fail(turn());
    clock.advance(Duration.ofSeconds(10));
    ReplicaHealth.Turn trial = turn();
    succeed(health.lastResort());

    fail(trial);

    assertThat(health.turn()).isNotNull();
  }

  @Test
  void tellsTheOperatorOnceWhenItIsAvoidedAndOnceWhenItIsBack() {
    fail(turn());
    fail(health.lastResort());
    pause();
    fail(turn());
    pause();
    succeed(turn());
    succeed(turn());

    List<String> lines =
        log.stream()
            .filter(event -> event.getLevel().compareTo(Level.INFO) <= 0)
            .map(event -> event.getLevel() + " " + textOf(event))
            .toList();
    assertThat(lines)
        .containsExactly(
            "WARN Avoiding replica s3://bucket/data for 10 s: reset",
            "INFO Replica s3://bucket/data answers again");
  }

  private static String textOf(SubstituteLoggingEvent event) {
    return MessageFormatter.arrayFormat(event.getMessage(), event.getArgumentArray()).getMessage();
  }
}
