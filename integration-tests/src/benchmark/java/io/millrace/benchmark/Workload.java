// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/** Samples that variants go over: the same for all that are compared with each other. */
interface Workload {

  /** Its name, first part of the ids of its variants. */
  String label();

  int samples();

  /** Bytes of the samples themselves: what every throughput is counted in. */
  long payloadBytes();
}
