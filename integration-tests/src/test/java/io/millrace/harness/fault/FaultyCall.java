// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginKey;
import io.millrace.harness.meter.OriginMeter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.CountDownLatch;

/** One request to a file system and what happens to it. Used by one thread; any may release it. */
final class FaultyCall {

  private final OriginRequest request;
  private final FaultPlan plan;
  private final OriginMeter meter;
  private final CountDownLatch released = new CountDownLatch(1);
  private final Pace pace;

  FaultyCall(OriginRequest request, FaultPlan plan, OriginMeter meter) {
    this.request = request;
    this.plan = plan;
    this.meter = meter;
    this.pace = new Pace(plan, released);
    meter.request(key());
  }

  private OriginKey key() {
    return request.key(plan.isFaulted());
  }

  Pace pace() {
    return pace;
  }

  FaultPlan plan() {
    return plan;
  }

  void read(long bytes) {
    meter.read(key(), bytes);
  }

  void written(long bytes) {
    meter.written(key(), bytes);
  }

  boolean hangs() {
    return plan.outcome() instanceof Fault.Hang;
  }

  /** Ends what it waits for, with an error. */
  void release() {
    released.countDown();
  }

  /** Waits, and throws if the real file system is not to be asked. */
  void before() throws IOException {
    pace.before();
    Fault outcome = plan.outcome();
    if (outcome instanceof Fault.Refuse) {
      throw new ConnectException(message("connection refused"));
    }
    if (outcome instanceof Fault.Hang) {
      pace.hang();
    }
    if (outcome instanceof Fault.Status status) {
      throw error(status);
    }
  }

  private IOException error(Fault.Status status) {
    String message = message("status code: " + status.code() + " " + status.error());
    return switch (status.code()) {
      case 401, 403 -> new AccessDeniedException(request.object(), null, message);
      case 404 -> new FileNotFoundException(message);
      default -> new IOException(message);
    };
  }

  /** The connection was lost in mid-file. */
  IOException lost(long bytes) {
    return new IOException(message("connection lost after " + bytes + " bytes"));
  }

  private String message(String what) {
    return "Injected fault at " + request.method() + " " + request.object() + ": " + what;
  }
}
