// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * How much of an epoch has been assigned: every rank below a low watermark L, and those marked in a
 * bitmap of [L, L + 2^18). It does not say to whom, nor whether they were read.
 *
 * <p>Memory and snapshot are bounded by the bitmap (32 KB) whatever the number of ranks. The price
 * is that no rank at or beyond L + {@value #WINDOW} can be assigned before rank L is: whoever
 * leaves rank L lying holds up the epoch.
 *
 * <p>A rank below L cannot become unassigned here: when a split is added back that had such a rank,
 * the caller keeps it as an exception of its own and serves it first; it must count those when it
 * asks {@link #isComplete}.
 *
 * <p>Mutable; for one thread (the enumerator's).
 */
public final class EpochProgress {
  /** How many ranks from the watermark on may be assigned out of order. */
  public static final int WINDOW = 1 << 18;

  private static final int WORDS = WINDOW / Long.SIZE;

  private final int epoch;

  // A ring: rank r has bit r % WINDOW. Bits of ranks below the watermark are clear, ready for the
  // ranks a window later.
  private final long[] ring = new long[WORDS];
  private long watermark;

  private EpochProgress(int epoch, long watermark) {
    this.epoch = epoch;
    this.watermark = watermark;
  }

  /** The progress of an epoch of which nothing is assigned. */
  public static EpochProgress start(int epoch) {
    return restore(new EpochProgressSnapshot(epoch, 0, new long[0]));
  }

  /** The progress as it was when the snapshot was taken. */
  public static EpochProgress restore(EpochProgressSnapshot snapshot) {
    EpochProgress progress = new EpochProgress(snapshot.epoch(), snapshot.watermark());
    long[] words = snapshot.assigned();
    for (int i = 0; i < words.length; i++) {
      for (long bits = words[i]; bits != 0; bits &= bits - 1) {
        long rank = snapshot.watermark() + (long) i * Long.SIZE + Long.numberOfTrailingZeros(bits);
        progress.ring[word(rank)] |= bit(rank);
      }
    }
    return progress;
  }

  /** An immutable copy. */
  public EpochProgressSnapshot snapshot() {
    long[] words = new long[WORDS];
    int length = 0;
    for (int i = 0; i < WORDS; i++) {
      words[i] = bitsFrom(watermark + (long) i * Long.SIZE);
      if (words[i] != 0) {
        length = i + 1;
      }
    }
    return new EpochProgressSnapshot(epoch, watermark, Arrays.copyOf(words, length));
  }

  /** The epoch this is about. */
  public int epoch() {
    return epoch;
  }

  /** L: the lowest rank that is not assigned; every rank below it is. */
  public long watermark() {
    return watermark;
  }

  /**
   * The lowest unassigned rank: empty if all ranks are assigned.
   *
   * @param totalRanks how many ranks the epoch has
   */
  public OptionalLong nextUnassigned(long totalRanks) {
    return nextUnassigned(0, totalRanks);
  }

  /**
   * The lowest rank at or after {@code fromRank} that is unassigned and may be assigned now: empty
   * if there is none in the window or in the epoch. Takes time in proportion to the assigned ranks
   * it passes over, 64 at a time.
   *
   * @param totalRanks how many ranks the epoch has
   */
  public OptionalLong nextUnassigned(long fromRank, long totalRanks) {
    long end = Math.min(watermark + WINDOW, totalRanks);
    for (long rank = Math.max(fromRank, watermark); rank < end; rank += Long.SIZE) {
      long unassigned = ~bitsFrom(rank);
      if (unassigned != 0) {
        long found = rank + Long.numberOfTrailingZeros(unassigned);
        return found < end ? OptionalLong.of(found) : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Whether this rank is assigned. One beyond the window is not.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public boolean isAssigned(long rank) {
    if (rank < 0) {
      throw new IllegalArgumentException("Cannot look up rank " + rank + where() + ": negative");
    }
    return rank < watermark || (rank - watermark < WINDOW && (ring[word(rank)] & bit(rank)) != 0);
  }

  /**
   * Marks a rank assigned; the watermark advances over all that are now assigned without a gap.
   *
   * @throws IllegalArgumentException if it is assigned already or beyond the window
   */
  public void assign(long rank) {
    if (isAssigned(rank)) {
      throw new IllegalArgumentException(
          "Cannot assign rank " + rank + where() + ": it is assigned");
    }
    if (rank - watermark >= WINDOW) {
      throw new IllegalArgumentException(
          "Cannot assign rank "
              + rank
              + where()
              + ": beyond the window, which ends at "
              + (watermark + WINDOW));
    }
    ring[word(rank)] |= bit(rank);
    while ((ring[word(watermark)] & bit(watermark)) != 0) {
      ring[word(watermark)] &= ~bit(watermark);
      watermark++;
    }
  }

  /**
   * Takes an assignment back, so that {@link #nextUnassigned} offers the rank again.
   *
   * @return false if the rank is below the watermark: nothing changed, the caller must remember the
   *     rank and assign it again by itself
   * @throws IllegalArgumentException if the rank is not assigned
   */
  public boolean unassign(long rank) {
    if (!isAssigned(rank)) {
      throw new IllegalArgumentException(
          "Cannot take rank " + rank + where() + " back: it is not assigned");
    }
    if (rank < watermark) {
      return false;
    }
    ring[word(rank)] &= ~bit(rank);
    return true;
  }

  /**
   * Whether all ranks are assigned. Ranks that {@link #unassign} refused count as assigned here.
   *
   * @param totalRanks how many ranks the epoch has
   */
  public boolean isComplete(long totalRanks) {
    return watermark >= totalRanks;
  }

  /**
   * The bits of the 64 ranks from {@code rank} on, which must be in the window; those beyond it are
   * undefined.
   */
  private long bitsFrom(long rank) {
    int word = word(rank);
    int shift = (int) (rank % Long.SIZE);
    long low = ring[word] >>> shift;
    return shift == 0 ? low : low | ring[(word + 1) % WORDS] << (Long.SIZE - shift);
  }

  private static int word(long rank) {
    return (int) (rank / Long.SIZE % WORDS);
  }

  private static long bit(long rank) {
    return 1L << (rank % Long.SIZE);
  }

  private String where() {
    return " of epoch " + epoch + " (watermark " + watermark + ")";
  }
}
