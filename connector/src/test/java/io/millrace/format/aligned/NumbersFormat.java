// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import io.millrace.sample.Bytes;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A dataset that is stored nowhere: its only field holds each sample's number. Its shards are
 * single objects, or groups of one object a sample, which can be cut anywhere. Counts what is open.
 */
final class NumbersFormat implements DatasetFormat {

  private final ObjectLocation root;
  private final String field;
  private final boolean groups;
  private final int bytesPerSample;
  private int openReaders;
  private int opened;
  private int failAt = Integer.MAX_VALUE;

  /**
   * @param groups whether each sample is an object
   */
  NumbersFormat(String root, String field, boolean groups, int bytesPerSample) {
    this.root = ObjectLocation.of(root);
    this.field = field;
    this.groups = groups;
    this.bytesPerSample = bytesPerSample;
  }

  /** Fails the unit that is opened after so many others. */
  void failAfter(int units) {
    failAt = opened + units;
  }

  int opened() {
    return opened;
  }

  int openReaders() {
    return openReaders;
  }

  Schema schema() {
    return Schema.of(new Field(field, Primitive.INT64, false));
  }

  /** Shards with these numbers of samples. */
  DatasetManifest manifest(long samplesPerUnit, int... samples) {
    List<Shard> shards = new ArrayList<>();
    int first = 0;
    for (int count : samples) {
      shards.add(
          groups
              ? group(shards.size(), first, count)
              : single(shards.size(), first, count, samplesPerUnit));
      first += count;
    }
    return new DatasetManifest(name(), root, schema(), shards);
  }

  /** One group, in which a number is left out. */
  DatasetManifest manifestWithout(int number, int samples) {
    Shard whole = group(0, 0, samples);
    List<ShardObject> objects = new ArrayList<>(whole.objects());
    objects.remove(number);
    return new DatasetManifest(
        name(),
        root,
        schema(),
        List.of(
            new Shard(
                0,
                whole.name(),
                ShardCut.whole(samples - 1, whole.unitBytes()),
                objects,
                whole.descriptor())));
  }

  AlignedPart part(long samplesPerUnit, int... samples) {
    return new AlignedPart(this, manifest(samplesPerUnit, samples), FieldNames.KEPT);
  }

  private Shard single(int index, int first, int samples, long samplesPerUnit) {
    String name = String.format(Locale.ROOT, "shard.%05d", index);
    long perUnit = Math.min(samplesPerUnit, Math.max(1, samples));
    return new Shard(
        index,
        name,
        new ShardCut(0, samples, perUnit, perUnit * bytesPerSample),
        List.of(object(name, (long) samples * bytesPerSample)),
        number(first));
  }

  private Shard group(int index, int first, int count) {
    List<ShardObject> objects = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      objects.add(object(String.format(Locale.ROOT, "sample_%06d", i), bytesPerSample));
    }
    if (objects.isEmpty()) {
      objects.add(object("nothing", 0));
    }
    return new Shard(
        index,
        String.format(Locale.ROOT, "sample_%06d", first),
        ShardCut.whole(count, (long) count * bytesPerSample),
        objects,
        number(first));
  }

  private static ShardObject object(String path, long length) {
    return new ShardObject(path, new ObjectVersion(length, 1, ""), Optional.empty());
  }

  private static Bytes number(long value) {
    return Bytes.wrap(String.valueOf(value).getBytes(UTF_8));
  }

  @Override
  public String name() {
    return groups ? "groups" : "singles";
  }

  @Override
  public boolean recognises(List<ObjectStatus> children) {
    return false;
  }

  @Override
  public DatasetManifest discover(ObjectStore store, ObjectLocation location) {
    throw new UnsupportedOperationException("It is made by manifest");
  }

  @Override
  public Optional<Shard> slice(Shard shard, long first, long count) {
    Objects.checkFromIndexSize(first, count, shard.samples());
    if (!groups) {
      return Optional.empty();
    }
    List<ShardObject> objects = shard.objects().subList((int) first, (int) (first + count));
    ShardCut cut = new ShardCut(shard.cut().first() + first, count, count, count * bytesPerSample);
    return Optional.of(new Shard(shard.index(), shard.name(), cut, objects, shard.descriptor()));
  }

  private static int firstNumber(Shard shard) {
    return Integer.parseInt(new String(shard.descriptor().toByteArray(), UTF_8));
  }

  @Override
  public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    if (opened == failAt) {
      throw new IOException("injected");
    }
    assertThat(projection).isEqualTo(schema());
    if (groups) {
      assertThat(shard.objects()).hasSize((int) shard.samples());
    }
    opened++;
    openReaders++;
    long first = firstNumber(shard) + shard.cut().first() + shard.firstSample(unit);
    return new ShardReader() {
      @Override
      public int samples() {
        return shard.samplesIn(unit);
      }

      @Override
      public void read(int index, ValueSink sink) {
        sink.setLong(0, first + Objects.checkIndex(index, samples()));
      }

      @Override
      public void close() {
        openReaders--;
      }
    };
  }
}
