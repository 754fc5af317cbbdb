// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens the samples of a shard: fetches all of its files, then checks and parses each. */
final class OpenSamples {

  private OpenSamples() {}

  static ShardReader open(Shard shard, ShardInput input, Schema projection, TorchFileReader files)
      throws IOException {
    FieldNames known = FieldNames.of(shard.descriptor(), shard.name());
    FieldBinding binding = new FieldBinding(known, projection, shard.name());
    List<ShardObject> objects = shard.objects();
    for (ShardObject object : objects) {
      checkNotEmpty(input.location(object), object.version().length());
    }
    List<ByteChunks> contents = input.readAll(objects);
    @Nullable Object[][] samples = new @Nullable Object[objects.size()][];
    for (int i = 0; i < samples.length; i++) {
      Object value = read(objects.get(i), contents.get(i), input, files);
      ObjectLocation location = input.location(objects.get(i));
      try {
        samples[i] = binding.bind(fieldsOf(location, value), input);
      } catch (FieldException e) {
        throw unreadable(location, e);
      }
    }
    return new TorchShardReader(projection, samples);
  }

  /** Checksums are computed once, not at each opening of bytes that stay in memory. */
  private static Object read(
      ShardObject object, ByteChunks content, ShardInput input, TorchFileReader files)
      throws IOException {
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

  private static IOException unreadable(ObjectLocation location, FieldException e) {
    return new IOException("Cannot read sample " + location + ": " + e.getMessage(), e);
  }

  /** Refuses a file without content, which no input can be asked for. */
  static void checkNotEmpty(ObjectLocation location, long length) throws CorruptObjectException {
    if (length == 0) {
      throw new CorruptObjectException(location, 0, "the file is empty");
    }
  }
}
