// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** How a job is to be started; made by {@link FlinkCluster#job}. Not safe for several threads. */
public final class JobSubmission {

  private final JobJar jar;
  private final BiFunction<JobJar, ObjectNode, RunningJob> run;
  private String entryClass;
  private List<String> arguments = List.of();
  private @Nullable Integer parallelism;
  private @Nullable String savepoint;

  JobSubmission(JobJar jar, BiFunction<JobJar, ObjectNode, RunningJob> run) {
    this.jar = jar;
    this.run = run;
    this.entryClass = jar.entryClass();
  }

  /** Another class with a main method than the jar's own. */
  public JobSubmission entryClass(String className) {
    entryClass = className;
    return this;
  }

  /** The arguments of the main method. */
  public JobSubmission args(String... values) {
    arguments = List.of(values);
    return this;
  }

  /** The default parallelism of the job; without this, the cluster's. */
  public JobSubmission parallelism(int subtasks) {
    parallelism = subtasks;
    return this;
  }

  /** The path of a savepoint or a checkpoint to begin with. */
  public JobSubmission from(String path) {
    savepoint = path;
    return this;
  }

  /**
   * Runs the main method in the JobManager, which submits the job; does not wait for the job to
   * run.
   *
   * @throws FlinkRestException if the main method fails, with its stack trace
   */
  public RunningJob submit() {
    ObjectNode request = RestClient.JSON.createObjectNode();
    request.put("entryClass", entryClass);
    arguments.forEach(request.putArray("programArgsList")::add);
    if (parallelism != null) {
      request.put("parallelism", parallelism);
    }
    if (savepoint != null) {
      request.put("savepointPath", savepoint);
    }
    return run.apply(jar, request);
  }
}
