// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

/**
 * A value of a series.
 *
 * @param x where on the x axis
 * @param y where on the y axis
 * @param hover what is shown where the pointer is near
 */
public record Point(double x, double y, String hover) {}
