// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * The order in which one unit's samples are visited in one epoch; from {@link
 * EpochOrder#samplesOf}.
 *
 * <p>Samples are numbered from 0 within their unit; a <em>place</em> counts what was visited
 * before. Immutable and thread-safe; look-ups take constant time and allocate nothing.
 */
public final class SampleOrder {
  private final Permutation order;

  SampleOrder(Permutation order) {
    this.order = order;
  }

  /** How many samples, and so places, there are. */
  public long samples() {
    return order.size();
  }

  /**
   * The sample at this place.
   *
   * @throws IndexOutOfBoundsException if the place is not in [0, samples)
   */
  public long sampleAt(long place) {
    if (place < 0 || place >= samples()) {
      throw new IndexOutOfBoundsException(
          "Cannot find the sample at place " + place + ": outside [0, " + samples() + ")");
    }
    return order.apply(place);
  }

  /**
   * The place of this sample: {@code placeOf(sampleAt(p)) == p}.
   *
   * @throws IndexOutOfBoundsException if the sample is not in [0, samples)
   */
  public long placeOf(long sample) {
    if (sample < 0 || sample >= samples()) {
      throw new IndexOutOfBoundsException(
          "Cannot find the place of sample " + sample + ": outside [0, " + samples() + ")");
    }
    return order.invert(sample);
  }
}
