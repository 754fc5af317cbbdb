// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.harness.process.Poll;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/**
 * A job on a {@link FlinkCluster}, seen over REST; still there when it has ended, as long as its
 * JobManager lives.
 *
 * <p>What asks answers at once and throws {@link FlinkRestException} where the JobManager does not;
 * what waits bears that, since a JobManager may be starting. Metrics are up to half a second old.
 */
public final class RunningJob {

  private static final Duration SAVEPOINT_LIMIT = Duration.ofMinutes(2);

  private final RestClient rest;
  private final JobID id;

  RunningJob(RestClient rest, JobID id) {
    this.rest = rest;
    this.id = id;
  }

  public JobID id() {
    return id;
  }

  public JobStatus status() {
    return JobStatus.valueOf(rest.get(path()).get("state").asText());
  }

  /**
   * Blocks until the job has this status.
   *
   * @throws AssertionError if the limit passes, or if the job ends in another way before; with the
   *     job's failure
   */
  public void await(JobStatus awaited, Duration limit) {
    awaitStatus(awaited.toString(), awaited::equals, limit);
  }

  /**
   * Blocks until all tasks of the job run, which is later than its status says so.
   *
   * @throws AssertionError as {@link #await}
   */
  public void awaitRunning(Duration limit) {
    awaitCondition(
        "all tasks run",
        limit,
        job -> {
          JsonNode vertices = job.path("vertices");
          boolean all = !vertices.isEmpty();
          for (JsonNode vertex : vertices) {
            JsonNode tasks = vertex.path("tasks");
            all &=
                tasks.path("RUNNING").asInt() + tasks.path("FINISHED").asInt()
                    == vertex.path("parallelism").asInt();
          }
          return all;
        });
  }

  /**
   * Blocks until the job has come to its end.
   *
   * @throws AssertionError as {@link #await}
   */
  public void awaitFinished(Duration limit) {
    await(JobStatus.FINISHED, limit);
  }

  /**
   * Blocks until so many checkpoints more than now have completed.
   *
   * @throws AssertionError as {@link #await}
   */
  public void awaitCheckpoints(int more, Duration limit) {
    long before = checkpoints().completed();
    awaitCondition(
        more + " checkpoints after the first " + before,
        limit,
        job -> checkpoints().completed() >= before + more);
  }

  /** Cancels the job and blocks until it is. Does nothing to a job that has ended. */
  public void cancel(Duration limit) {
    if (status().isGloballyTerminalState()) {
      return;
    }
    rest.patch(path() + "?mode=cancel");
    awaitStatus("canceled or ended", JobStatus::isGloballyTerminalState, limit);
  }

  /**
   * Takes a savepoint into a directory, and blocks until it is done.
   *
   * @return its path, as {@link JobSubmission#from} takes it
   * @throws AssertionError if it fails
   */
  public String savepoint(URI directory) {
    ObjectNode body = RestClient.JSON.createObjectNode();
    body.put("target-directory", directory.toString()).put("cancel-job", false);
    return savepoint("/savepoints", body);
  }

  /**
   * Stops the job with a savepoint, and blocks until the job is finished.
   *
   * @return its path, as {@link JobSubmission#from} takes it
   * @throws AssertionError if it fails
   */
  public String stopWithSavepoint(URI directory) {
    ObjectNode body = RestClient.JSON.createObjectNode();
    body.put("targetDirectory", directory.toString()).put("drain", false);
    String savepoint = savepoint("/stop", body);
    awaitFinished(SAVEPOINT_LIMIT);
    return savepoint;
  }

  private String savepoint(String operation, JsonNode body) {
    String trigger = rest.post(path() + operation, body).get("request-id").asText();
    JsonNode done =
        Poll.within(
                SAVEPOINT_LIMIT,
                () ->
                    Optional.of(rest.get(path() + "/savepoints/" + trigger))
                        .filter(s -> s.at("/status/id").asText().equals("COMPLETED")))
            .orElseThrow(
                () -> new AssertionError("No savepoint of " + id + " in " + SAVEPOINT_LIMIT));
    if (!done.at("/operation/location").isTextual()) {
      throw new AssertionError(
          "Savepoint of " + id + " failed: " + done.at("/operation/failure-cause/stack-trace"));
    }
    return done.at("/operation/location").asText();
  }

  public Checkpoints checkpoints() {
    JsonNode statistics = rest.get(path() + "/checkpoints");
    JsonNode counts = statistics.path("counts");
    JsonNode completed = statistics.at("/latest/completed");
    JsonNode savepoint = statistics.at("/latest/savepoint");
    return new Checkpoints(
        counts.path("completed").asLong(),
        counts.path("failed").asLong(),
        counts.path("restored").asLong(),
        Math.max(completed.path("id").asLong(), savepoint.path("id").asLong()),
        Optional.ofNullable(completed.path("external_path").textValue())
            .filter(path -> path.contains(":")));
  }

  /** The user's accumulators, as text; of tasks that run now, up to a heartbeat old. */
  public Map<String, String> accumulators() {
    Map<String, String> values = new TreeMap<>();
    for (JsonNode entry : rest.get(path() + "/accumulators").path("user-task-accumulators")) {
      values.put(entry.get("name").asText(), entry.get("value").asText());
    }
    return values;
  }

  /** The root exception of the latest failure, with its stack trace; none without a failure. */
  public Optional<String> failure() {
    JsonNode latest = rest.get(path() + "/exceptions").at("/exceptionHistory/entries/0/stacktrace");
    return Optional.ofNullable(latest.textValue());
  }

  /**
   * How often the job failed since its JobManager knows it, and was restarted if it still runs or
   * finished: as many as Flink keeps, 16 unless configured otherwise. Some seconds late. Of the
   * metric {@code numRestarts} the last value of a job that ends soon after may never be seen.
   */
  public long restarts() {
    return rest.get(path() + "/exceptions").path("exceptionHistory").path("entries").size();
  }

  /**
   * A metric of tasks, over all subtasks, and over all operators of these tasks that have it.
   *
   * @param vertex occurs in the name of the tasks
   * @param name with its groups, for example {@code millrace.originBytes}
   * @return empty if no subtask that runs now has reported it yet
   */
  public Optional<Metric> metric(String vertex, String name) {
    Optional<Metric> total = Optional.empty();
    for (JsonNode task : rest.get(path()).path("vertices")) {
      if (!task.get("name").asText().contains(vertex)) {
        continue;
      }
      String metrics = path() + "/vertices/" + task.get("id").asText() + "/subtasks/metrics";
      List<String> ids = new ArrayList<>();
      for (JsonNode metric : rest.get(metrics)) {
        String metricId = metric.get("id").asText();
        if (metricId.equals(name) || metricId.endsWith("." + name)) {
          ids.add(metricId);
        }
      }
      if (ids.isEmpty()) {
        continue; // an empty list would ask for all
      }
      String query =
          ids.stream().map(i -> URLEncoder.encode(i, UTF_8)).collect(Collectors.joining(","));
      for (JsonNode value : rest.get(metrics + "?agg=sum,max&get=" + query)) {
        Metric metric = new Metric(value.get("sum").asDouble(), value.get("max").asDouble());
        total = Optional.of(total.map(metric::plus).orElse(metric));
      }
    }
    return total;
  }

  /**
   * Which TaskManagers run subtasks of tasks now.
   *
   * @param vertex occurs in the name of the tasks
   * @return ids as {@link TaskManager#id}
   */
  public List<String> taskManagers(String vertex) {
    List<String> ids = new ArrayList<>();
    for (JsonNode task : rest.get(path()).path("vertices")) {
      if (task.get("name").asText().contains(vertex)) {
        for (JsonNode subtask :
            rest.get(path() + "/vertices/" + task.get("id").asText()).path("subtasks")) {
          if (subtask.path("status").asText().equals("RUNNING")) {
            ids.add(subtask.path("taskmanager-id").asText());
          }
        }
      }
    }
    return ids.stream().distinct().sorted().toList();
  }

  private void awaitStatus(String what, Predicate<JobStatus> reached, Duration limit) {
    awaitCondition(what, limit, job -> reached.test(JobStatus.valueOf(job.get("state").asText())));
  }

  private void awaitCondition(String what, Duration limit, Predicate<JsonNode> reached) {
    String[] state = {"unknown"};
    boolean held =
        Poll.within(
                limit,
                () -> {
                  try {
                    JsonNode job = rest.get(path());
                    state[0] = job.get("state").asText();
                    if (reached.test(job)) {
                      return Optional.of(true);
                    }
                  } catch (FlinkRestException e) {
                    state[0] = e.toString();
                    return Optional.empty();
                  }
                  return ended(state[0]) ? Optional.of(false) : Optional.empty();
                })
            .orElse(false);
    if (!held) {
      throw new AssertionError(
          String.format(
              "Job %s: awaited for %s: %s; is %s. Failure: %s",
              id, limit, what, state[0], failureOrWhyNot()));
    }
  }

  private static boolean ended(String state) {
    return JobStatus.valueOf(state).isGloballyTerminalState();
  }

  private String failureOrWhyNot() {
    try {
      return failure().orElse("none");
    } catch (FlinkRestException e) {
      return "unknown, " + e;
    }
  }

  private String path() {
    return "/jobs/" + id;
  }
}
