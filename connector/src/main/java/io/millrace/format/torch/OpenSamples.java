// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.BadInput;
import io.millrace.format.BadSampleException;
import io.millrace.format.ObjectRead;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the samples of a shard: fetches all of its files, then checks and parses each. Used once.
 */
final class OpenSamples {

  private static final Logger LOG = LoggerFactory.getLogger(OpenSamples.class);

  private static final @Nullable Object[] NO_VALUES = {};

  private final Shard shard;
  private final ShardInput input;
  private final Schema projection;
  private final FieldBinding binding;
  private final TorchFileReader files;

  private OpenSamples(
      Shard shard,
      ShardInput input,
      Schema projection,
      FieldBinding binding,
      TorchFileReader files) {
    this.shard = shard;
    this.input = input;
    this.projection = projection;
    this.binding = binding;
    this.files = files;
  }

  private static OpenSamples of(
      Shard shard, ShardInput input, Schema projection, TorchFileReader files) throws IOException {
    FieldNames known = FieldNames.of(shard.descriptor(), shard.name());
    FieldBinding binding = new FieldBinding(known, projection, shard.name());
    return new OpenSamples(shard, input, projection, binding, files);
  }

  static ShardReader open(Shard shard, ShardInput input, Schema projection, TorchFileReader files)
      throws IOException {
    return of(shard, input, projection, files).openAll();
  }

  /** As {@link #open}; a file that is damaged or missing is a sample that cannot be read. */
  static ShardReader openLeniently(
      Shard shard, ShardInput input, Schema projection, TorchFileReader files) throws IOException {
    return of(shard, input, projection, files).openEach();
  }

  private ShardReader openAll() throws IOException {
    List<ShardObject> objects = shard.objects();
    for (ShardObject object : objects) {
      checkNotEmpty(input.location(object), object.version().length());
    }
    List<ByteChunks> contents = input.readAll(objects);
    @Nullable Object[][] samples = new @Nullable Object[objects.size()][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = sample(objects.get(i), contents.get(i));
    }
    return new TorchShardReader(projection, samples);
  }

  private ShardReader openEach() throws IOException {
    List<ShardObject> objects = shard.objects();
    List<ShardObject> wanted =
        objects.stream().filter(object -> object.version().length() > 0).toList();
    Iterator<ObjectRead> contents = input.readEach(wanted).iterator();
    @Nullable Object[][] samples = new @Nullable Object[objects.size()][];
    Map<Integer, BadSampleException> bad = new HashMap<>();
    for (int i = 0; i < samples.length; i++) {
      ShardObject object = objects.get(i);
      try {
        checkNotEmpty(input.location(object), object.version().length());
        samples[i] = sample(object, contents.next());
      } catch (BadSampleException e) {
        samples[i] = NO_VALUES;
        bad.put(i, e);
      } catch (IOException e) {
        if (!BadInput.is(e)) {
          throw e;
        }
        samples[i] = NO_VALUES;
        bad.put(i, new BadSampleException(e));
      }
    }
    return new TorchShardReader(projection, samples, bad);
  }

  /** The values of a file; one that is damaged is fetched once more: it may have been the way. */
  private @Nullable Object[] sample(ShardObject object, ObjectRead read) throws IOException {
    try {
      return sample(object, read.bytes());
    } catch (CorruptObjectException e) {
      LOG.warn("Reading {} again: {}", object.path(), e.getMessage());
    }
    return sample(object, input.readAgain(object));
  }

  private @Nullable Object[] sample(ShardObject object, ByteChunks content) throws IOException {
    Object value = read(object, content);
    ObjectLocation location = input.location(object);
    try {
      return binding.bind(fieldsOf(location, value), input);
    } catch (FieldException e) {
      throw unreadable(location, e);
    }
  }

  /** Checksums are computed once, not at each opening of bytes that stay in memory. */
  private Object read(ShardObject object, ByteChunks content) throws IOException {
    boolean compressed = SampleNames.isCompressed(object.path());
    boolean intact = input.isIntact(object);
    Object value =
        files.read(new StoredFile(input.location(object), content, compressed, intact), input);
    if (!intact) {
      input.markIntact(object);
    }
    return value;
  }

  /** The fields of what a file holds. */
  static Map<String, Object> fieldsOf(ObjectLocation location, Object value) throws IOException {
    try {
      return SampleFields.of(value);
    } catch (FieldException e) {
      throw unreadable(location, e);
    }
  }

  private static BadSampleException unreadable(ObjectLocation location, FieldException e) {
    return new BadSampleException("Cannot read sample " + location + ": " + e.getMessage(), e);
  }

  /** Refuses a file without content, which no input can be asked for. */
  static void checkNotEmpty(ObjectLocation location, long length) throws CorruptObjectException {
    if (length == 0) {
      throw new CorruptObjectException(location, 0, "the file is empty");
    }
  }
}
