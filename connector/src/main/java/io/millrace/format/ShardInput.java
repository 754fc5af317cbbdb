// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.List;

/**
 * The bytes of a shard's objects, as its format asks for them, and memory to inflate them into.
 * Made for one opening of one unit; used by one thread; its maker closes it after the reader.
 * Everything that it hands out stays valid until then and must not be written to by the format,
 * except what {@link #allocate} returned.
 */
public interface ShardInput {

  /** Where an object of the shard lies, for messages. */
  ObjectLocation location(ShardObject object);

  /**
   * The bytes of a range; blocks until they are there. Formats ask for a given object always in the
   * same ranges, which do not overlap: they are what is fetched and cached as one.
   *
   * @throws io.millrace.storage.CorruptObjectException if the object ends before the range does, or
   *     if bytes that were verified before have changed
   */
  ByteChunks read(ShardObject object, ByteRange range) throws IOException;

  /**
   * Checks the object against its published hash, if it has one and hashes are to be verified:
   * reads it whole unless this was done before in this process. Returns at once otherwise.
   *
   * <p>A format that can check more by what it makes of the bytes, such as a hash of what they
   * inflate to, does so when this call has checked the object, and need not do it again while the
   * process lasts: if it finds them wrong, they are forgotten and the object is checked again.
   *
   * @param ranges the ranges that {@link #read} will be asked for: in order, without a gap, from
   *     the first byte of the object to its last
   * @throws io.millrace.storage.CorruptObjectException if the hash differs; the message names the
   *     algorithm, both digests and the object
   * @return whether this call, and no earlier one, checked the object's hash; false where it has
   *     none or hashes are not to be verified
   */
  boolean verify(ShardObject object, List<ByteRange> ranges) throws IOException;

  /** Whether published hashes are to be verified at all. */
  boolean verifiesHashes();

  /**
   * Memory for decoded bytes, counted against the reader's working memory.
   *
   * @param length bytes; a format checks declared sizes before it asks
   * @throws IOException if it is more than the working memory can ever hold; the message gives the
   *     numbers and the option to change
   */
  ByteChunks allocate(long length) throws IOException;
}
