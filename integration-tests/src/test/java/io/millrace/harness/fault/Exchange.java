// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginKey;
import io.millrace.harness.meter.OriginMeter;

/** One request and what is to happen to it. */
record Exchange(
    HttpHead head, OriginRequest request, FaultPlan plan, Pace pace, OriginMeter meter) {

  private OriginKey key() {
    return request.key(plan.isFaulted());
  }

  void arrived() {
    meter.request(key());
  }

  void read(long bytes) {
    meter.read(key(), bytes);
  }

  void written(long bytes) {
    meter.written(key(), bytes);
  }
}
