// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget;
import io.millrace.flink.scan.OnError;
import io.millrace.flink.source.reader.TestingUnits.Opened;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.BadSampleException;
import io.millrace.prefetch.OriginRequests;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code scan.on-error} does to the units of a raw dataset. */
@Tag("unit")
class LeftOutSamplesTest {

  private static final int SAMPLES = 5;

  /** Of a shard that is cut. */
  private static final int MANY = 100;

  @TempDir Path directory;

  private Path shard(int number) {
    return directory.resolve(String.format(Locale.ROOT, "shard.%05d.mds", number));
  }

  /** Inverts a byte, so that neither length nor time shows it. */
  private static void damage(Path file, int place) throws IOException {
    FileTime modified = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[place] ^= (byte) 0xff;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);
  }

  /** Where a sample begins, with the length of its bytes. */
  private static int sampleAt(Path file, int sample) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.getInt(Integer.BYTES * (1 + sample));
  }

  private static void damageSample(Path file, int sample) throws IOException {
    damage(file, sampleAt(file, sample));
  }

  private TestingUnits units(OnError onError, int shards, int samples, String... hashes)
      throws IOException {
    return TestingUnits.write(directory, shards, samples, hashes).onError(onError);
  }

  @Test
  void leavesOutADamagedSampleAloneAfterASecondLook() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SAMPLE, 1, SAMPLES)) {
      damageSample(shard(0), 2);

      try (Opened opened = units.open(0, 0)) {
        assertThat(opened.ids(units)).containsExactly(0, 1, 3, 4);
        assertThat(opened.leftOut()).hasSize(1);
        LeftOut leftOut = opened.leftOut().get(0);
        assertThat(leftOut.count()).isEqualTo(1);
        assertThat(leftOut.describe())
            .matches(
                "(?s)sample 2 of shard shard.00000.mds: Corrupt object file:.*/shard.00000.mds at"
                    + " offset \\d+: sample 2: .*");
        assertThat(leftOut.reason()).isInstanceOf(CorruptObjectException.class);
      }
      assertThat(units.origin.count(Operation.READ)).as("the unit twice").isEqualTo(2);
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void leavesOutWhatIsDamagedAfterTheSecondLookWithoutAThird() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SAMPLE, 1, SAMPLES)) {
      damageSample(shard(0), 0);
      damageSample(shard(0), 3);

      try (Opened opened = units.open(0, 0)) {
        assertThat(opened.ids(units)).containsExactly(1, 2, 4);
        assertThat(opened.leftOut()).extracting(LeftOut::count).containsExactly(1L, 1L);
      }
      assertThat(units.origin.count(Operation.READ)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SKIP_SAMPLE", "SKIP_SHARD"})
  void leavesNothingOutThatWentWrongOnTheWay(OnError onError) throws IOException {
    try (TestingUnits units = units(onError, 1, SAMPLES)) {
      units.store.damageNext(1, request -> true, sampleAt(shard(0), 0));

      try (Opened opened = units.open(0, 0)) {
        assertThat(opened.ids(units)).containsExactly(0, 1, 2, 3, 4);
        assertThat(opened.leftOut()).isEmpty();
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void leavesOutTheRestOfAUnitFromADamagedSampleOn() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SHARD, 1, MANY)) {
      damageSample(shard(0), 50);

      try (Opened second = units.open(0, 1);
          Opened third = units.open(0, 2)) {
        assertThat(second.ids(units)).containsExactly(LongStream.range(42, 50).toArray());
        assertThat(second.leftOut()).hasSize(1);
        assertThat(second.leftOut().get(0).count()).isEqualTo(84 - 50);
        assertThat(second.leftOut().get(0).describe())
            .startsWith("sample 50 of shard shard.00000.mds and 33 after it in its unit: Corrupt");
        assertThat(third.ids(units))
            .as("another unit of the shard")
            .containsExactly(LongStream.range(84, 100).toArray());
      }
    }
  }

  @Test
  void failsForMoreThanASampleAndNamesTheOtherChoice() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SAMPLE, 2, SAMPLES, "xxh64")) {
      damage(shard(0), sampleAt(shard(0), 2) + 40);
      assertThatThrownBy(() -> units.open(0, 0))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "Cannot leave out single samples of unit 0 of shard "
                  + units.manifest.root()
                  + "/shard.00000.mds (epoch 0), because all of it is affected; set scan.on-error ="
                  + " skip-shard to leave out what cannot be opened: Corrupt object")
          .hasMessageContaining("the xxh64 hash of its")
          .hasCauseInstanceOf(CorruptObjectException.class);

      Files.delete(shard(1));
      assertThatThrownBy(() -> units.open(0, 1))
          .hasMessageContaining("set scan.on-error = skip-shard")
          .hasMessageContaining("shard.00001.mds");
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void leavesOutUnitsThatCannotBeOpened() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SHARD, 3, SAMPLES, "xxh64")) {
      damage(shard(0), 0); // the number of samples in the table
      Files.delete(shard(1));
      for (int unit = 0; unit < 2; unit++) {
        try (Opened opened = units.open(0, unit)) {
          assertThat(opened.ids(units)).isEmpty();
          assertThat(opened.leftOut()).hasSize(1);
          assertThat(opened.leftOut().get(0).count()).isEqualTo(SAMPLES);
          assertThat(opened.leftOut().get(0).reason()).isInstanceOf(BadSampleException.class);
          assertThat(opened.leftOut().get(0).describe()).contains("shard.0000" + unit + ".mds");
        }
      }
      try (Opened opened = units.open(0, 2)) {
        assertThat(opened.ids(units)).containsExactly(10, 11, 12, 13, 14);
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void countsFromTheCursorOn() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SHARD, 1, SAMPLES)) {
      damage(shard(0), 0);
      MillraceSplit split = units.split(0, 0).at(3, 1);
      UnitTask task = units.task(split);
      try (ByteBudget.Reservation memory = units.cache().workingMemory().reserveNow(task.bytes());
          Opened opened = new Opened(task.open(memory, OriginRequests.UNBOUNDED), () -> {})) {
        assertThat(opened.ids(units)).isEmpty();
        assertThat(opened.leftOut()).extracting(LeftOut::count).containsExactly(2L);
      }
    }
  }

  /** What is wrong with the way to the data, or with which data it is. */
  @ParameterizedTest
  @EnumSource(names = {"SKIP_SAMPLE", "SKIP_SHARD"})
  void failsForOutagesRefusalsAndReplacedObjects(OnError onError) throws IOException {
    try (TestingUnits units = units(onError, 1, SAMPLES)) {
      units.origin.failNext(Operation.READ, 1);
      assertThatThrownBy(() -> units.open(0, 0)).hasMessage("injected");

      units.origin.setFault(
          request -> {
            throw new AccessDeniedException("shard");
          });
      assertThatThrownBy(() -> units.open(0, 0)).isInstanceOf(AccessDeniedException.class);
      units.origin.setFault(request -> {});

      damageSample(shard(0), 2);
      try (Opened opened = units.open(0, 0)) {
        Files.setLastModifiedTime(shard(0), FileTime.fromMillis(1_000_000_000_000L));
        assertThatThrownBy(() -> opened.ids(units)).isInstanceOf(ObjectChangedException.class);
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void failsForWhatCannotBeOpenedWhenASampleHasItReadAgain() throws IOException {
    try (TestingUnits units = units(OnError.SKIP_SAMPLE, 1, SAMPLES)) {
      damageSample(shard(0), 2);
      try (Opened opened = units.open(0, 0)) {
        damage(shard(0), 0);
        assertThatThrownBy(() -> opened.ids(units))
            .hasMessageContaining("set scan.on-error = skip-shard");
      }
      assertThat(units.bytesInUse()).isZero();
    }
  }
}
