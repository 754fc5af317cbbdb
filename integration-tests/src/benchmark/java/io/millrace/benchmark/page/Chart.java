// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

/** A picture of figures. */
public interface Chart {

  /** What it shows, in a few words. */
  String title();

  /** The picture, drawn for a width in pixels; where it is small, names stand above it. */
  String svg(int width);

  /** Names and colours of its parts, for where there is no room for them within. */
  String legend();
}
