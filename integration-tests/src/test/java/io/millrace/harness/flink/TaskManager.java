// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import io.millrace.harness.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A TaskManager of a {@link FlinkCluster}, which closes it. One thread at a time. */
public final class TaskManager {

  private final int number;
  private final Function<String, JavaProcess> starter;
  private final RegistrationWait registration;
  private int starts;
  private @Nullable JavaProcess process;

  TaskManager(int number, Function<String, JavaProcess> starter, RegistrationWait registration) {
    this.number = number;
    this.starter = starter;
    this.registration = registration;
  }

  /** Blocks until the JobManager knows a TaskManager. */
  interface RegistrationWait {
    void await(TaskManager taskManager);
  }

  /** The resource id in Flink; another one after every start. */
  public String id() {
    return "taskmanager-" + number + "-" + starts;
  }

  /** The id of the process that runs, or ran last. */
  public long pid() {
    return process().pid();
  }

  public boolean isAlive() {
    return process().isAlive();
  }

  /** The log of the process that runs, or ran last; another one after every start. */
  public Path log() {
    return process().log();
  }

  /** {@code kill -9}; blocks until the process is gone. */
  public void kill() {
    process().kill();
  }

  /** Lets it shut down, and kills it if the limit passes; blocks until the process is gone. */
  public void terminate(Duration limit) {
    process().terminate(limit);
  }

  /** Kills it if it lives, starts it again, and blocks until the JobManager knows it. */
  public void restart() {
    kill();
    start();
    registration.await(this);
  }

  /** Starts it without waiting. */
  void start() {
    starts++;
    process = starter.apply(id());
  }

  JavaProcess process() {
    if (process == null) {
      throw new IllegalStateException("TaskManager " + number + " was not started");
    }
    return process;
  }
}
