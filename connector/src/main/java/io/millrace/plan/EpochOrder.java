// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * The order in which an epoch visits its units, and each unit its samples: a pure function of
 * (seed, epoch, number of units), the same on every machine and whatever the parallelism.
 *
 * <p>Both directions are computed per call in constant time and memory; no list of units exists
 * anywhere. Units are numbered from 0 in the order of the manifest; a <em>rank</em> is a unit's
 * place in the epoch. Immutable and thread-safe; look-ups allocate nothing.
 */
public final class EpochOrder {
  /**
   * Changes whenever any shuffled order, sample order or {@link ShuffleKey} would differ from
   * before for the same arguments. It belongs to the fingerprint in the state: a checkpoint of
   * another version must not be resumed.
   */
  public static final int ALGORITHM_VERSION = 1;

  private final boolean shuffled;
  private final long seed;
  private final int epoch;
  private final Permutation order;

  private EpochOrder(boolean shuffled, long seed, int epoch, Permutation order) {
    this.shuffled = shuffled;
    this.seed = seed;
    this.epoch = epoch;
    this.order = order;
  }

  /**
   * A pseudo-random order, another one for each seed and epoch.
   *
   * @param seed any value
   * @param epoch from 0
   * @param units how many units the epoch has, 0 included
   */
  public static EpochOrder shuffled(long seed, int epoch, long units) {
    return new EpochOrder(true, seed, epoch, new Permutation(Keys.ofUnits(seed, epoch), units));
  }

  /** The order of the manifest: rank equals unit, and within a unit place equals sample. */
  public static EpochOrder sequential(long units) {
    return new EpochOrder(false, 0, 0, Permutation.identity(units));
  }

  /** How many units, and so ranks, there are. */
  public long units() {
    return order.size();
  }

  /**
   * The unit that has this rank.
   *
   * @throws IndexOutOfBoundsException if the rank is not in [0, units)
   */
  public long unitAt(long rank) {
    if (rank < 0 || rank >= units()) {
      throw new IndexOutOfBoundsException(
          "Cannot find the unit of rank " + rank + ": outside [0, " + units() + ")");
    }
    return order.apply(rank);
  }

  /**
   * The rank of this unit: {@code rankOf(unitAt(r)) == r}.
   *
   * @throws IndexOutOfBoundsException if the unit is not in [0, units)
   */
  public long rankOf(long unit) {
    checkUnit("Cannot find the rank of unit ", unit);
    return order.invert(unit);
  }

  /**
   * The order of the samples within a unit, independent of the order of the units and of the
   * samples of other units. Cheap enough to be made when a unit is opened (some 20 hashes), not to
   * be made per sample.
   *
   * @param sampleCount how many samples the unit has, 0 included
   * @throws IndexOutOfBoundsException if the unit is not in [0, units)
   */
  public SampleOrder samplesOf(long unit, long sampleCount) {
    checkUnit("Cannot order the samples of unit ", unit);
    return new SampleOrder(
        shuffled
            ? new Permutation(Keys.ofSamples(seed, epoch, unit), sampleCount)
            : Permutation.identity(sampleCount));
  }

  private void checkUnit(String operation, long unit) {
    if (unit < 0 || unit >= units()) {
      throw new IndexOutOfBoundsException(operation + unit + ": outside [0, " + units() + ")");
    }
  }
}
