// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The machine's stack of values, with marks between them. What lies below the innermost mark is out
 * of reach until that mark is taken.
 *
 * <p>Each value knows under which number it was remembered last, since one that is built may be
 * replaced by another object. Python's pickler remembers a value at most once.
 */
final class PickleStack {

  static final int NOT_REMEMBERED = -1;

  private static final int FIRST_SIZE = 16;
  private static final int GROWTH = 4;

  private final PickleLimits limits;

  private @Nullable Object[] values;
  private int[] remembered = {};
  private int size;
  private long pushed;

  private int[] marks = new int[FIRST_SIZE];
  private int markCount;

  /** Size of the stack when the innermost mark was set. */
  private int floor;

  /** Most values that it may hold now. */
  private int most;

  PickleStack(PickleLimits limits) {
    this.limits = limits;
    this.values = new Object[Math.min(FIRST_SIZE, limits.stack())];
    this.most = limits.stack();
  }

  /** Values and marks, which is none when a pickle has been taken. */
  boolean isEmpty() {
    return size == 0 && markCount == 0;
  }

  void push(Object value) throws PickleException {
    if (size >= most) {
      throw new PickleException("the stack would hold more than " + most + " values");
    }
    if (size == values.length) {
      int next = size < limits.stack() ? limits.stack() : most;
      values = Arrays.copyOf(values, (int) Math.min((long) GROWTH * size, next));
    }
    if (pushed++ == limits.values()) {
      throw new PickleException("there are more than " + limits.values() + " values");
    }
    values[size] = value;
    if (size < remembered.length) {
      remembered[size] = NOT_REMEMBERED;
    }
    size++;
  }

  Object pop() throws PickleException {
    Object top = peek();
    size--;
    return top;
  }

  Object peek() throws PickleException {
    Object top = size > floor ? values[size - 1] : null;
    if (top == null) {
      throw new PickleException(
          markCount == 0 ? "the stack is empty" : "there is nothing above the mark");
    }
    return top;
  }

  /** Puts another value in the place of the topmost one. */
  void replace(Object value) {
    values[size - 1] = value;
  }

  /** Notes under which number the topmost value is remembered. */
  void remember(int number) {
    if (size > remembered.length) {
      int known = remembered.length;
      remembered = Arrays.copyOf(remembered, values.length);
      Arrays.fill(remembered, known, remembered.length, NOT_REMEMBERED);
    }
    remembered[size - 1] = number;
  }

  /** Under which number the topmost value was remembered last. */
  int remembered() {
    return size > remembered.length ? NOT_REMEMBERED : remembered[size - 1];
  }

  void mark() throws PickleException {
    if (markCount == limits.marks()) {
      throw new PickleException("there would be more than " + limits.marks() + " marks");
    }
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, GROWTH * markCount);
    }
    marks[markCount++] = size;
    floor = size;
    most = limits.marked();
  }

  /** Whether the innermost mark is what lies on top. */
  boolean isMarkOnTop() {
    return markCount > 0 && floor == size;
  }

  /** Takes the values above the innermost mark, in their order, and the mark. */
  Object[] popToMark() throws PickleException {
    if (markCount == 0) {
      throw new PickleException("there is no mark");
    }
    Object[] above = Arrays.copyOfRange(values, floor, size);
    size = floor;
    markCount--;
    floor = markCount == 0 ? 0 : marks[markCount - 1];
    most = markCount == 0 ? limits.stack() : limits.marked();
    return above;
  }
}
