// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.AccessKind;
import io.millrace.cache.ByteBudget;
import io.millrace.prefetch.OriginRequests;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What opening a unit does when the bytes are right, wrong once, wrong for good, or replaced. */
@Tag("unit")
class UnitTaskTest {

  /** Above 6 MiB, so that a shard is cut into units of about 4 MiB. */
  private static final int MANY = 90;

  private static final int FEW = 3;

  @TempDir Path directory;

  @Test
  void readsUnitsOfALargeShardAndVerifiesItOnce() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      long length = units.manifest.storedBytes();
      int count = (int) units.manifest.units();
      assertThat(count).isGreaterThan(1);

      long next = 0;
      for (int unit = 0; unit < count; unit++) {
        try (TestingUnits.Opened opened = units.open(0, unit)) {
          long[] ids = opened.ids(units);
          assertThat(ids).containsExactly(LongStream.range(next, next + ids.length).toArray());
          next += ids.length;
        }
      }

      assertThat(next).isEqualTo(MANY);
      assertThat(units.origin.bytesRequested()).isEqualTo(length);
      assertThat(units.origin.count(Operation.STATUS)).isZero();
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void countsEachExtentOnceAnEpoch() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      int count = (int) units.manifest.units();
      long fetched = 0;
      long resident = 0;
      for (int epoch = 0; epoch < 2; epoch++) {
        for (int unit = 0; unit < count; unit++) {
          try (TestingUnits.Opened opened = units.open(epoch, unit)) {
            for (var touch : opened.unit().input().touches()) {
              fetched += touch.resident() ? 0 : touch.bytes();
              resident += touch.resident() ? touch.bytes() : 0;
            }
          }
        }
      }

      // The offset table is shared, and verification touches what other units read later.
      assertThat(fetched).isEqualTo(units.manifest.storedBytes());
      assertThat(resident).isEqualTo(units.manifest.storedBytes());
      assertThat(units.statistics.totals().of(AccessKind.HIT).bytes())
          .as("counted by the window, not here")
          .isZero();
      assertThat(units.statistics.totals().originBytes()).isEqualTo(units.manifest.storedBytes());
    }
  }

  @Test
  void readsBytesThatWentWrongOnTheWayOnceMore() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW, "sha1")) {
      units.store.damageNext(1, request -> true);

      try (TestingUnits.Opened opened = units.open(0, 0)) {
        assertThat(opened.ids(units)).containsExactly(0, 1, 2);
      }
      assertThat(units.origin.count(Operation.READ)).isEqualTo(2);
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void refusesWhatDoesNotMatchItsHashTwiceAndKeepsNothingOfIt() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW, "xxh64")) {
      units.store.damageNext(2, request -> true);

      assertThatThrownBy(() -> units.open(0, 0))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageMatching(
              "Corrupt object file:.*/shard\\.00000\\.mds at offset 0: the xxh64 hash of its"
                  + " \\d+ bytes is [0-9a-f]{16}, but the index says [0-9a-f]{16}");
      assertThat(units.bytesInUse()).isZero();
      assertThat(units.cache().statistics().retainedExtents()).isZero();

      // The next attempt of the job asks the origin, which is well by now.
      try (TestingUnits.Opened opened = units.open(0, 0)) {
        assertThat(opened.ids(units)).containsExactly(0, 1, 2);
      }
    }
  }

  /** The number of samples; where a unit begins; where a sample within one begins; the end. */
  @ParameterizedTest
  @ValueSource(ints = {0, 4 * (42 + 1), 4 * (50 + 1), 4 * (90 + 1)})
  void doesNotUseAnOffsetTableThatWentWrongOnTheWay(int place) throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      assertThat(units.manifest.shards().get(0).samplesPerUnit()).isEqualTo(42);
      units.store.damageNext(1, UnitTaskTest::isHead, place);

      try (TestingUnits.Opened opened = units.open(0, 1)) {
        assertThat(opened.ids(units)).containsExactly(LongStream.range(42, 84).toArray());
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void givesUpOnAnOffsetTableThatIsWrongTwice() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      units.store.damageNext(2, UnitTaskTest::isHead);

      assertThatThrownBy(() -> units.open(0, 1))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining("the last sample ends at");
      assertThat(units.cache().statistics().retainedExtents()).isZero();
      assertThat(units.bytesInUse()).isZero();
      try (TestingUnits.Opened opened = units.open(0, 1)) {
        assertThat(opened.ids(units)).isNotEmpty();
      }
    }
  }

  private static boolean isHead(TestingObjectStore.Request request) {
    return request.position() == 0 && request.length() < 1000;
  }

  @Test
  void checksWhatIsFetchedAgainAfterEviction() throws IOException {
    try (TestingUnits units =
        TestingUnits.write(directory, 1, FEW, "xxh64").cache(64 << 20, "none")) {
      units.open(0, 0).close();
      units.store.damageNext(1, request -> true);
      try (TestingUnits.Opened opened = units.open(1, 0)) {
        assertThat(opened.ids(units)).containsExactly(0, 1, 2);
      }

      units.store.damageNext(2, request -> true);
      assertThatThrownBy(() -> units.open(2, 0))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining("the xxh64 hash of its");
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void checksSingleExtentsOfALargeShardThatAreFetchedAgain() throws IOException {
    try (TestingUnits units =
        TestingUnits.write(directory, 1, MANY, "xxh64").cache(64 << 20, "none")) {
      units.open(0, 0).close();
      units.origin.clearRequests();
      units.open(0, 1).close();
      assertThat(units.origin.bytesRequested())
          .as("table and unit, not the whole shard")
          .isLessThan(units.manifest.storedBytes() * 2 / 3);

      units.store.damageNext(1, request -> !isHead(request));
      try (TestingUnits.Opened opened = units.open(1, 1)) {
        assertThat(opened.ids(units)).isNotEmpty();
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void fetchesNoByteTwiceToOpenAUnitThoughNothingIsKept() throws IOException {
    try (TestingUnits units =
            TestingUnits.write(directory, 1, MANY, "xxh64").cache(64 << 20, "none");
        TestingUnits.Opened opened = units.open(0, 0)) {
      assertThat(opened).isNotNull();
      long length = units.split(0, 0).shard().objects().get(0).version().length();
      assertThat(units.origin.requests())
          .filteredOn(request -> request.operation() == Operation.READ)
          .extracting(TestingObjectStore.Request::position)
          .doesNotHaveDuplicates();
      assertThat(units.origin.bytesRequested()).as("verified whole").isEqualTo(length);
    }
  }

  @Test
  void saysThatAnUnhashedObjectWasReplaced() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW)) {
      Path shard = directory.resolve("shard.00000.mds");
      Files.setLastModifiedTime(shard, FileTime.fromMillis(1_000_000_000_000L));

      assertThatThrownBy(() -> units.open(0, 0))
          .isInstanceOf(ObjectChangedException.class)
          .hasMessageContaining("shard.00000.mds changed while being read: expected ObjectVersion")
          .hasMessageContaining("modifiedMillis=1000000000000");
      assertThat(units.cache().statistics().retainedExtents()).isZero();
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void saysThatAHashedObjectWasReplacedRatherThanCorrupt() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW, "xxh64")) {
      Path shard = directory.resolve("shard.00000.mds");
      byte[] bytes = Files.readAllBytes(shard);
      bytes[bytes.length - 1] = 77;
      Files.write(shard, bytes);
      Files.setLastModifiedTime(shard, FileTime.fromMillis(1_000_000_000_000L));

      assertThatThrownBy(() -> units.open(0, 0))
          .isInstanceOf(ObjectChangedException.class)
          .satisfies(
              e ->
                  assertThat(e.getSuppressed()[0])
                      .isInstanceOf(CorruptObjectException.class)
                      .hasMessageContaining("the xxh64 hash"));
    }
  }

  @Test
  void asksForTheVersionOfWhatHasNoHashOrIsNotVerified() throws IOException {
    try (TestingUnits units =
        TestingUnits.write(directory, 2, FEW, "xxh64").withoutVerification()) {
      units.open(0, 0).close();
      units.open(1, 0).close();
      assertThat(units.origin.count(Operation.STATUS)).as("of what was fetched").isEqualTo(1);
      assertThat(units.statistics.totals().originRequests()).isEqualTo(2);
    }
  }

  @Test
  void forgetsBytesThatTheFormatFindsWrong() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW)) {
      Path shard = directory.resolve("shard.00000.mds");
      FileTime modified = Files.getLastModifiedTime(shard);
      byte[] good = Files.readAllBytes(shard);
      byte[] bad = good.clone();
      bad[0] = 99;
      Files.write(shard, bad);
      Files.setLastModifiedTime(shard, modified);

      assertThatThrownBy(() -> units.open(0, 0))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageEndingWith("at offset 0: it holds 99 samples; the index says 3");
      Files.write(shard, good);
      Files.setLastModifiedTime(shard, modified);

      try (TestingUnits.Opened opened = units.open(0, 0)) {
        assertThat(opened.ids(units)).containsExactly(0, 1, 2);
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void forgetsBytesOfASampleThatCannotBeDecoded() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW)) {
      Path shard = directory.resolve("shard.00000.mds");
      FileTime modified = Files.getLastModifiedTime(shard);
      byte[] good = Files.readAllBytes(shard);
      byte[] bad = good.clone();
      // The length of the last sample's bytes field, the first one of the sample.
      bad[good.length - 8 - TestingUnits.SAMPLE_BYTES - 4] ^= 1;
      Files.write(shard, bad);
      Files.setLastModifiedTime(shard, modified);

      try (TestingUnits.Opened opened = units.open(0, 0)) {
        assertThatThrownBy(() -> opened.ids(units))
            .isInstanceOf(CorruptObjectException.class)
            .hasMessageContaining("sample 2: ");
      }
      assertThat(units.cache().statistics().retainedExtents()).isZero();
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void saysHowMuchMemoryItNeeds() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW).cache(400_000, "plan")) {
      long needed = units.manifest.shards().get(0).unitBytes();

      assertThatThrownBy(() -> units.open(0, 0))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot open unit 0 of shard %s/shard.00000.mds (epoch 0): it needs %d bytes of"
                  + " memory, but half of cache.memory.size is 200000; set cache.memory.size to at"
                  + " least %d bytes",
              units.manifest.root(), needed, 2 * needed);
      assertThat(units.bytesInUse()).isZero();
      assertThat(units.origin.requests()).isEmpty();
    }
  }

  @Test
  void givesEverythingBackWhenTheOriginFails() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      units.origin.failNext(Operation.READ, 1);
      assertThatThrownBy(() -> units.open(0, 0)).hasMessage("injected");
      assertThat(units.bytesInUse()).isZero();

      int[] reads = {0};
      units.origin.setFault(
          request -> {
            if (request.operation() == Operation.READ && ++reads[0] == 2) {
              throw new IOException("injected while verifying");
            }
          });
      assertThatThrownBy(() -> units.open(0, 0)).hasMessage("injected while verifying");
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void discardsAnOpenUnitThatNobodyTook() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW, "xxh64")) {
      UnitTask task = units.task(units.split(0, 0));
      assertThat(task.bytes()).isEqualTo(units.manifest.shards().get(0).unitBytes());
      try (ByteBudget.Reservation memory = units.cache().workingMemory().reserveNow(task.bytes())) {
        task.discard(task.open(memory, OriginRequests.UNBOUNDED));
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void aPreparedUnitAsksForTheRestOnly() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY).cache(64 << 20, "none")) {
      UnitTask task = units.task(units.split(0, 1));
      assertThat(task.prepares()).isTrue();
      task.prepare(OriginRequests.UNBOUNDED);
      assertThat(units.origin.requests()).filteredOn(UnitTaskTest::isRead).hasSize(1);
      assertThat(units.origin.requests())
          .filteredOn(UnitTaskTest::isRead)
          .allMatch(UnitTaskTest::isHead);
      assertThat(units.bytesInUse()).isPositive().isLessThan(1 << 20);
      UnitTask another = units.task(units.split(0, 2));
      another.prepare(OriginRequests.UNBOUNDED);
      assertThat(units.origin.requests())
          .as("the same table")
          .filteredOn(UnitTaskTest::isRead)
          .hasSize(1);
      assertThat(units.origin.count(Operation.STATUS))
          .as("checked at once: others who find it take it for checked")
          .isEqualTo(1);

      try (ByteBudget.Reservation memory = units.cache().workingMemory().reserveNow(task.bytes());
          OpenUnit unit = task.open(memory, OriginRequests.UNBOUNDED)) {
        assertThat(units.origin.requests()).filteredOn(UnitTaskTest::isRead).hasSize(2);
        assertThat(units.origin.count(Operation.STATUS)).as("of its own bytes").isEqualTo(2);
        assertThat(unit.input().touches()).hasSize(2).noneMatch(touch -> touch.resident());
        task.abandon();
        another.abandon();
        assertThat(new TestingUnits.Opened(unit, () -> {}).ids(units))
            .containsExactly(LongStream.range(42, 84).toArray());
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  private static boolean isRead(TestingObjectStore.Request request) {
    return request.operation() == Operation.READ;
  }

  @Test
  void whatWasPreparedAndIsNotOpenedIsGivenBackAndLeftToOthersOnlyIfItWasChecked()
      throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY)) {
      UnitTask task = units.task(units.split(0, 1));
      task.prepare(OriginRequests.UNBOUNDED);
      task.abandon();
      assertThat(units.bytesInUse()).isZero();
      assertThat(units.cache().statistics().retainedExtents()).as("checked").isEqualTo(1);
    }
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      UnitTask task = units.task(units.split(0, 1));
      task.prepare(OriginRequests.UNBOUNDED);
      task.abandon();
      assertThat(units.bytesInUse()).isZero();
      assertThat(units.cache().statistics().retainedExtents())
          .as("the hash is of the whole object")
          .isZero();

      UnitTask late = units.task(units.split(0, 1));
      late.abandon();
      late.prepare(OriginRequests.UNBOUNDED);
      assertThat(units.bytesInUse()).isZero();
      assertThat(units.origin.requests()).filteredOn(UnitTaskTest::isRead).hasSize(1);
    }
  }

  @Test
  void aPreparedTableThatIsWrongIsReadOnceMore() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, MANY, "xxh64")) {
      units.store.damageNext(1, UnitTaskTest::isHead);
      UnitTask task = units.task(units.split(0, 1));
      task.prepare(OriginRequests.UNBOUNDED);

      try (ByteBudget.Reservation memory = units.cache().workingMemory().reserveNow(task.bytes());
          OpenUnit unit = task.open(memory, OriginRequests.UNBOUNDED)) {
        assertThat(new TestingUnits.Opened(unit, () -> {}).ids(units))
            .containsExactly(LongStream.range(42, 84).toArray());
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void aUnitThatIsAWholeShardHasNothingToPrepare() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory, 1, FEW)) {
      assertThat(units.task(units.split(0, 0)).prepares()).isFalse();
    }
  }
}
