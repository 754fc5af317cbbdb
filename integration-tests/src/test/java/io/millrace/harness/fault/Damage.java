// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.util.TreeMap;

/** What becomes of the bytes of one body on their way. Not thread-safe. */
final class Damage {

  private final FaultPlan plan;

  /** What to change, by position in the body; made as soon as a length is known. */
  private final TreeMap<Long, Integer> flips = new TreeMap<>();

  private boolean prepared;
  private long cutAt = Long.MAX_VALUE;

  private Damage(FaultPlan plan) {
    this.plan = plan;
    if (plan.outcome() instanceof Fault.Cut cut) {
      cutAt = cut.afterBytes();
    }
  }

  static Damage none() {
    return new Damage(FaultPlan.NONE);
  }

  /**
   * @param length of the body; negative if it is not known
   */
  static Damage of(FaultPlan plan, long length) {
    Damage damage = new Damage(plan);
    if (length > 0) {
      damage.prepare(length);
      damage.cutAt = Math.min(damage.cutAt, damage.cuts() ? length - 1 : Long.MAX_VALUE);
    }
    return damage;
  }

  private void prepare(long length) {
    prepared = true;
    if (plan.outcome() instanceof Fault.Corrupt corrupt) {
      for (int i = 0; i < Math.min(corrupt.bytes(), length); i++) {
        long random = Faults.mix(plan.random() + i);
        long position = Long.remainderUnsigned(random, length);
        while (flips.containsKey(position)) {
          position = (position + 1) % length;
        }
        flips.put(position, 1 + (int) Long.remainderUnsigned(random >>> 8, 255));
      }
    }
  }

  /** Whether the body does not come to its end. */
  boolean cuts() {
    return plan.outcome() instanceof Fault.Cut;
  }

  /** How many of the bytes from a position on are still sent. */
  int allowed(long position, int count) {
    return (int) Math.min(count, Math.max(0, cutAt - position));
  }

  /** Changes bytes that are at a position of the body. */
  void apply(long position, byte[] bytes, int offset, int count) {
    if (!prepared && count > 0) {
      prepare(count);
    }
    flips
        .subMap(position, position + count)
        .forEach((at, xor) -> bytes[offset + (int) (at - position)] ^= xor.byteValue());
  }
}
