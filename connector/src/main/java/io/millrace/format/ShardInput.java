// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
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
   * The bytes of several whole objects, fetched side by side; blocks until all are there.
   *
   * @param objects none of them empty; each object whole, as for {@link #read}
   * @return in the same order
   * @throws IOException of the first object that fails, in their order, as {@link #read} does
   */
  default List<ByteChunks> readAll(List<ShardObject> objects) throws IOException {
    List<ByteChunks> all = new ArrayList<>(objects.size());
    for (ShardObject object : objects) {
      all.add(read(object, new ByteRange(0, object.version().length())));
    }
    return all;
  }

  /**
   * As {@link #readAll}, but an object that is damaged or missing keeps no other from being read.
   *
   * @throws IOException what is no fault of an object, see {@link BadInput}
   */
  default List<ObjectRead> readEach(List<ShardObject> objects) throws IOException {
    List<ObjectRead> each = new ArrayList<>(objects.size());
    for (ShardObject object : objects) {
      try {
        each.add(ObjectRead.of(read(object, new ByteRange(0, object.version().length()))));
      } catch (IOException e) {
        if (!BadInput.is(e)) {
          throw e;
        }
        each.add(ObjectRead.failed(e));
      }
    }
    return each;
  }

  /**
   * Forgets what was read of an object, because it is damaged, and fetches it once more: the fault
   * may have been on the way. What it gave out of the object before is not valid any more.
   *
   * @param object one that was read whole
   */
  default ByteChunks readAgain(ShardObject object) throws IOException {
    return read(object, new ByteRange(0, object.version().length()));
  }

  /**
   * Whether {@link #markIntact} was called, by this opening or an earlier one, for the very bytes
   * of the object that are here. False where nothing is remembered of bytes.
   *
   * @param object one that was read whole
   */
  default boolean isIntact(ShardObject object) {
    return false;
  }

  /**
   * Notes that the checksums which an object carries within itself match, such as those of a zip
   * archive: a format need not compute them again while {@link #isIntact} says so.
   *
   * @param object one that was read whole
   */
  default void markIntact(ShardObject object) {}

  /**
   * Checks the object against its published hash, if it has one and hashes are to be verified:
   * reads it whole unless this was done before in this process. Returns at once otherwise. What was
   * read before the call is not read again, and nothing else stays in memory: formats read what
   * they need first.
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

  /**
   * Counts memory that samples of the unit take beyond what was read and allocated, such as a
   * tensor that repeats a few stored numbers many times.
   *
   * @throws IOException as {@link #allocate}
   */
  void reserve(long bytes) throws IOException;
}
