// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.millrace.storage.ByteChunks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes stored forms, one at a time; reused from one to the next.
 *
 * <p>In {@link CompressionMode#AUTO} the bytes are cut into stretches of 32 KiB, and a sample of
 * each tells what it may be. If nearly all are noise, nothing is tried. Neighbouring stretches of
 * numbers of one width within a chunk become a part, which is coded as planes and, for comparison,
 * by zstd; the smaller one stays. Where one of them was clearly better, the next parts of that
 * width are spared the comparison. Everything else is coded by zstd in runs as long as possible.
 */
final class ExtentEncoder implements CodecPool.Codec {

  /** A chunk is eight of them, and they begin at multiples of eight bytes. */
  private static final int STRETCH = ByteChunks.CHUNK_SIZE / 8;

  /** Of the raw bytes; what does not become smaller than that is not worth decoding. */
  private static final double LARGEST_SHARE = 0.95;

  /** By how much one coding must be better than another to be used without comparing again. */
  private static final double CLEARLY = 0.9;

  private static final int SPARED = 7;

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final LayoutDetector detector = new LayoutDetector();
  private final PlaneEncoder planes = new PlaneEncoder(context);
  private final Trials trials = new Trials();
  private final byte[] buffer = new byte[ByteChunks.CHUNK_SIZE];
  private byte[] compared = {};

  /** What comes next in {@link #encodeNumbers}: not yet written, and to be written by zstd. */
  private long runStart;

  Optional<ByteChunks> encode(ByteChunks raw, CompressionMode mode, ChunkSource memory) {
    List<Part> parts = mode == CompressionMode.AUTO ? parts(raw) : List.of();
    long noise =
        parts.stream().filter(part -> part.layout.noise()).mapToLong(part -> part.length).sum();
    if (noise > raw.length() * LARGEST_SHARE) {
      return Optional.empty();
    }
    long limit =
        mode == CompressionMode.AUTO ? (long) (raw.length() * LARGEST_SHARE) : raw.length() - 1;
    StoredWriter out = new StoredWriter(memory, buffer, limit);
    out.writeByte(StoredFormat.VERSION);
    out.writeVarint(raw.length());
    runStart = 0;
    trials.reset();
    planes.reset();
    resetContext();
    for (Part part : parts) {
      if (part.layout.isNumbers() && !out.overflowed()) {
        encodeNumbers(raw, part, out);
      }
    }
    encodeRun(raw, raw.length(), out);
    return out.overflowed() ? Optional.empty() : Optional.of(out.finish());
  }

  /**
   * A part of the bytes.
   *
   * @param start where it begins
   * @param length at most a chunk, within one
   */
  private record Part(long start, int length, Layout layout) {}

  private List<Part> parts(ByteChunks raw) {
    List<Part> parts = new ArrayList<>();
    for (ByteChunks.Segment s = raw.first(0, raw.length()); s != null; s = s.next()) {
      int begin = 0;
      Layout current = null;
      for (int at = 0; at < s.length(); at += STRETCH) {
        int length = Math.min(STRETCH, s.length() - at);
        Layout found = detector.guessWidth(s.array(), s.offset() + at, length);
        if (current != null && !found.equals(current)) {
          parts.add(new Part(s.position() + begin, at - begin, current));
          begin = at;
        }
        current = found;
      }
      if (current != null) {
        parts.add(new Part(s.position() + begin, s.length() - begin, current));
      }
    }
    return parts;
  }

  private void encodeNumbers(ByteChunks raw, Part part, StoredWriter out) {
    ByteChunks.Segment segment = raw.first(part.start, part.length);
    if (segment == null || trials.isSpared(part.layout.width(), Trials.PLANES)) {
      return;
    }
    byte[] array = segment.array();
    int offset = segment.offset();
    Layout layout = detector.guessPhase(array, offset, part.length, part.layout.width());
    if (part.length < layout.phase() + layout.width()) {
      return;
    }
    int coded = planes.encode(layout, array, offset, part.length);
    if (!trials.isSpared(layout.width(), Trials.ZSTD)) {
      context.setLevel(3);
      int plain = compress(array, offset, part.length);
      trials.note(layout.width(), coded, plain);
      if (plain < coded) {
        return;
      }
    }
    if (coded < part.length) {
      encodeRun(raw, part.start, out);
      resetContext();
      out.writeByte(StoredFormat.PLANES);
      out.writeVarint(part.length);
      out.write(planes.coded(), 0, coded);
      runStart = part.start + part.length;
    }
  }

  private int compress(byte[] array, int offset, int length) {
    int bound = (int) Zstd.compressBound(length);
    if (compared.length < bound) {
      compared = new byte[bound];
    }
    context.setLevel(StoredFormat.ZSTD_LEVEL);
    return context.compressByteArray(compared, 0, compared.length, array, offset, length);
  }

  private void resetContext() {
    context.reset();
    context.setLevel(StoredFormat.ZSTD_LEVEL);
    context.setChecksum(false);
  }

  /** Writes what was left to zstd, up to a position. */
  private void encodeRun(ByteChunks raw, long end, StoredWriter out) {
    long length = end - runStart;
    if (length == 0 || out.overflowed()) {
      return;
    }
    resetContext();
    context.setPledgedSrcSize(length);
    out.writeByte(StoredFormat.ZSTD);
    out.writeVarint(length);
    for (ByteChunks.Segment s = raw.first(runStart, length); s != null; s = s.next()) {
      ByteBuffer source = ByteBuffer.wrap(s.array(), s.offset(), s.length());
      EndDirective directive = s.remaining() == 0 ? EndDirective.END : EndDirective.CONTINUE;
      boolean done = false;
      while (!done && out.makeRoom()) {
        ByteBuffer target = ByteBuffer.wrap(out.array(), out.offset(), out.room());
        int room = target.remaining();
        boolean flushed = context.compressByteBufferStream(target, source, directive);
        out.advance(room - target.remaining());
        done = directive == EndDirective.END ? flushed : !source.hasRemaining();
      }
    }
    runStart = end;
  }

  @Override
  public void close() {
    context.close();
  }

  /** Which comparisons of an extent's parts can be left out, by the numbers' width. */
  private static final class Trials {

    static final int PLANES = 0;
    static final int ZSTD = 1;

    /** How many parts more do without one of the codings. */
    private final int[] spared = new int[2 * 8 + 2];

    void reset() {
      Arrays.fill(spared, 0);
    }

    boolean isSpared(int width, int coding) {
      int index = 2 * width + coding;
      if (spared[index] > 0) {
        spared[index]--;
        return true;
      }
      return false;
    }

    void note(int width, int coded, int plain) {
      if (coded < plain * CLEARLY) {
        spared[2 * width + ZSTD] = SPARED;
      } else if (plain < coded * CLEARLY) {
        spared[2 * width + PLANES] = SPARED;
      }
    }
  }
}
