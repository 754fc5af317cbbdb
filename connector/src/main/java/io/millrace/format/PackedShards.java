// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Shards in few bytes each: 10 to 40 for every object, so that the enumerator holds datasets of
 * millions of objects. A single look-up decodes up to {@value #BLOCK} shards.
 */
public final class PackedShards extends ShardList {

  /** Shards from one known position to the next. */
  private static final int BLOCK = 16;

  /** What a descriptor takes beside its bytes. */
  private static final long DESCRIPTOR_OVERHEAD = 48;

  private final byte[] bytes;
  private final int[] blocks;
  private final int size;

  /**
   * Descriptors that many others resemble: the first one of a block is kept as how it differs from
   * one of these, the next ones as how they differ from the one before.
   */
  private final List<Bytes> descriptors;

  /** Number of the shard whose descriptor each is; it serves until the next one's. */
  private final int[] descriptorStarts;

  private PackedShards(Builder builder) {
    this.bytes = builder.out.toByteArray();
    this.blocks = Arrays.copyOf(builder.blocks, builder.blockCount());
    this.size = builder.size;
    this.descriptors = List.copyOf(builder.descriptors);
    this.descriptorStarts = builder.starts.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The same shards, packed. */
  public static PackedShards copyOf(List<Shard> shards) {
    if (shards instanceof PackedShards packed) {
      return packed;
    }
    Builder builder = new Builder();
    shards.forEach(builder::add);
    return builder.build();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Iterator<Shard> iteratorFrom(int index) {
    Objects.checkIndex(index, size);
    Walk walk = new Walk(index / BLOCK * BLOCK);
    while (walk.next < index) {
      walk.next();
    }
    return walk;
  }

  /** Bytes of heap that the list takes, but for a constant. */
  public long packedBytes() {
    long ofDescriptors =
        descriptors.stream().mapToLong(kept -> kept.size() + DESCRIPTOR_OVERHEAD).sum();
    return bytes.length
        + Integer.BYTES * ((long) blocks.length + descriptorStarts.length)
        + ofDescriptors;
  }

  private int descriptorOf(int shard) {
    int found = Arrays.binarySearch(descriptorStarts, shard);
    return found < 0 ? -found - 2 : found;
  }

  /** Decodes one shard after the other. */
  private final class Walk implements Iterator<Shard> {
    private final PackedInput in;
    private ShardDecoder decoder;
    private int next;
    private int kept;
    private Bytes descriptor;

    private Walk(int first) {
      int from = size == 0 ? 0 : blocks[first / BLOCK];
      this.in = new PackedInput(bytes, from, bytes.length);
      this.decoder = new ShardDecoder(in);
      this.next = first;
      this.kept = size == 0 ? 0 : descriptorOf(first);
      this.descriptor = size == 0 ? Bytes.EMPTY : descriptors.get(kept);
    }

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public Shard next() {
      if (next >= size) {
        throw new NoSuchElementException("There are " + size + " shards");
      }
      if (next % BLOCK == 0) {
        decoder = new ShardDecoder(in);
        descriptor = descriptors.get(kept);
      }
      if (kept + 1 < descriptorStarts.length && descriptorStarts[kept + 1] == next) {
        kept++;
        descriptor = descriptors.get(kept);
      }
      descriptor = BytesDelta.read(descriptor, in);
      Shard shard = decoder.read(next, descriptor);
      next++;
      return shard;
    }
  }

  /** Packs shards as they come. Used by one thread, once. */
  public static final class Builder {
    private final PackedOutput out = new PackedOutput();
    private ShardEncoder encoder = new ShardEncoder(out);
    private int[] blocks = new int[16];
    private int size;
    private final List<Bytes> descriptors = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private Bytes descriptor = Bytes.EMPTY;

    /** Number of shards so far, which is the index of the next one. */
    public int size() {
      return size;
    }

    /**
     * Adds the next shard.
     *
     * @throws IllegalArgumentException if its index is not the number of shards before it
     */
    public void add(Shard shard) {
      if (shard.index() != size) {
        throw new IllegalArgumentException(
            "Cannot make a list of shards: shard " + shard.index() + " stands at place " + size);
      }
      if (size % BLOCK == 0) {
        beginBlock();
      }
      write(shard.descriptor());
      encoder.write(shard);
      size++;
    }

    private void write(Bytes next) {
      byte[] delta = BytesDelta.of(descriptor, next);
      if (size == 0 || delta.length > (next.size() + DESCRIPTOR_OVERHEAD) / 2) {
        descriptors.add(next);
        starts.add(size);
        delta = BytesDelta.of(next, next);
      }
      out.writeRaw(delta, 0, delta.length);
      descriptor = next;
    }

    private void beginBlock() {
      int block = size / BLOCK;
      if (block == blocks.length) {
        blocks = Arrays.copyOf(blocks, 2 * block);
      }
      blocks[block] = out.size();
      encoder = new ShardEncoder(out);
      descriptor = size == 0 ? Bytes.EMPTY : descriptors.get(descriptors.size() - 1);
    }

    private int blockCount() {
      return (size + BLOCK - 1) / BLOCK;
    }

    public PackedShards build() {
      return new PackedShards(this);
    }
  }
}
