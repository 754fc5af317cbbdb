// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.harness.process.JavaProcess;
import io.millrace.harness.process.Poll;
import io.millrace.harness.process.ProcessFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/**
 * A real Flink cluster on loopback: a JobManager and TaskManagers, each a process of its own, from
 * the jars of {@link io.millrace.harness.process.Runtimes}. It takes ports that are free.
 *
 * <p>All its files are in one temporary directory. {@link #close} ends the processes and deletes
 * the directory; so does the death of this JVM, however it comes. One thread at a time, but for
 * {@link #close} and {@link #keepEvidence}.
 */
public final class FlinkCluster implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);
  private static final Duration SQL_LIMIT = Duration.ofMinutes(3);
  private static final int ATTEMPTS = 5;
  private static final Pattern REST_READY =
      Pattern.compile("Rest endpoint listening at ([^ ]+:[0-9]+)");
  private static final Pattern COLOUR = Pattern.compile("\\u001B\\[[0-9;?]*[A-Za-z]");
  private static final Pattern PORT_TAKEN = Pattern.compile("BindException|Address already in use");

  private final ClusterSettings settings;
  private final ClusterDirectory directory;
  private final ClusterProcesses processes;
  private final RestClient rest = new RestClient(this::restAddress);
  private final List<JavaProcess> started = new ArrayList<>();
  private final List<TaskManager> taskManagers = new ArrayList<>();
  private final Map<JobJar, Path> jars = new HashMap<>();
  private final Map<JobJar, String> uploaded = new HashMap<>();
  private Map<String, String> configuration = Map.of();
  private @Nullable JavaProcess jobManager;
  private @Nullable URI restAddress;
  private Duration startDuration = Duration.ZERO;
  private int jobManagers;
  private int numbered;
  private int scripts;

  private FlinkCluster(
      ClusterSettings settings, ClusterDirectory directory, ClusterProcesses processes) {
    this.settings = settings;
    this.directory = directory;
    this.processes = processes;
  }

  public static FlinkClusterBuilder builder() {
    return new FlinkClusterBuilder();
  }

  /** As {@link FlinkClusterBuilder#start} says. */
  static FlinkCluster start(ClusterSettings settings, @Nullable Path evidence) {
    ClusterDirectory directory = ClusterDirectory.create(settings.plugins());
    FlinkCluster cluster;
    try {
      cluster = new FlinkCluster(settings, directory, new ClusterProcesses(settings, directory));
    } catch (RuntimeException | Error e) {
      directory.delete();
      throw e;
    }
    try {
      long begin = System.nanoTime();
      cluster.begin();
      cluster.startDuration = Duration.ofNanos(System.nanoTime() - begin);
      return cluster;
    } catch (RuntimeException | Error e) {
      try (cluster) {
        if (evidence != null) {
          cluster.keepEvidence(evidence);
        }
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Where the JobManager answers REST; another address after every start. */
  public URI restAddress() {
    if (restAddress == null) {
      throw new FlinkRestException("No JobManager runs");
    }
    return restAddress;
  }

  /** How long it took from the start of the first process until all TaskManagers were known. */
  public Duration startDuration() {
    return startDuration;
  }

  /** Everything of this cluster; deleted by {@link #close}. Tests may write into it, too. */
  public Path directory() {
    return directory.root();
  }

  /** All TaskManagers, dead ones too, in the order in which they were added. */
  public List<TaskManager> taskManagers() {
    return List.copyOf(taskManagers);
  }

  /**
   * The TaskManager with an id.
   *
   * @param id as {@link RunningJob#taskManagers} returns it
   * @throws IllegalArgumentException if there is none now
   */
  public TaskManager taskManager(String id) {
    return taskManagers.stream()
        .filter(taskManager -> taskManager.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No TaskManager " + id));
  }

  /** Starts one more and blocks until the JobManager knows it. */
  public TaskManager addTaskManager() {
    TaskManager added = startTaskManager();
    awaitRegistration(added);
    return added;
  }

  /** Lets one shut down, kills it if it does not, and forgets it. Blocks until it is gone. */
  public void removeTaskManager(TaskManager removed) {
    removed.terminate(SHUTDOWN_LIMIT);
    taskManagers.remove(removed);
  }

  /** Submits a job with the jar's own entry class; does not wait for it to run. */
  public RunningJob submit(JobJar jar, String... args) {
    return job(jar).args(args).submit();
  }

  /** A job of a jar, to be submitted. */
  public JobSubmission job(JobJar jar) {
    return new JobSubmission(jar, this::run);
  }

  /** A job that was submitted some other way. */
  public RunningJob job(JobID id) {
    return new RunningJob(rest, id);
  }

  /** All jobs that the JobManager knows, ended ones too. */
  public List<RunningJob> jobs() {
    List<RunningJob> jobs = new ArrayList<>();
    for (JsonNode entry : rest.get("/jobs").path("jobs")) {
      jobs.add(job(JobID.fromHexString(entry.get("id").asText())));
    }
    return jobs;
  }

  /**
   * Runs a script by Flink's SQL client, a process of its own, and blocks until it has ended.
   *
   * @param jars what {@code ADD JAR} would name
   * @throws ProcessFailedException if it takes longer than some minutes
   */
  public SqlResult runSql(String script, Path... jars) {
    String id = "sql-client-" + ++scripts;
    Map<String, String> values = new HashMap<>(configuration);
    values.put("execution.target", "remote");
    values.put("rest.port", String.valueOf(restAddress().getPort()));
    values.put("sql-client.execution.result-mode", "tableau");
    values.put("table.dml-sync", "true"); // so that it has ended when the client has
    values.putAll(settings.configuration());
    values.remove("rest.bind-port");
    Path conf = directory.writeConfiguration("conf-" + id, values);
    Path file = conf.resolve("script.sql");
    try {
      Files.writeString(file, script);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    // Not on the console, where the results are.
    Path log = directory.logs().resolve(id + "-flink.log");
    directory.writeLogging("conf-" + id, "File", "fileName = " + log);
    List<String> args = new ArrayList<>(List.of("-f", file.toString()));
    for (Path jar : jars) {
      args.addAll(List.of("-j", jar.toAbsolutePath().toString()));
    }
    try (JavaProcess client = remember(processes.sqlClient(id, conf, args))) {
      int status = client.awaitExit(SQL_LIMIT);
      String output = COLOUR.matcher(Files.readString(client.log())).replaceAll("");
      return new SqlResult(status, output);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the output of the SQL client", e);
    }
  }

  public long jobManagerPid() {
    return jobManager().pid();
  }

  /** {@code kill -9}; blocks until the process is gone. */
  public void killJobManager() {
    jobManager().kill();
  }

  /**
   * Starts a JobManager after the last one has ended, and blocks until it knows the TaskManagers
   * that live. With high availability it goes on with the jobs of the last one from their latest
   * checkpoints, some seconds later; without, these jobs are gone.
   *
   * @throws IllegalStateException if there is one
   */
  public void startJobManager() {
    if (jobManager().isAlive()) {
      throw new IllegalStateException("The JobManager, process " + jobManagerPid() + ", lives");
    }
    startJobManagerProcess();
    awaitJobManager();
    taskManagers.stream().filter(TaskManager::isAlive).forEach(this::awaitRegistration);
  }

  /**
   * Makes it as it was in the beginning, for the next test: cancels all jobs, starts again what has
   * ended, and adds or removes TaskManagers.
   */
  public void reset() {
    if (!jobManager().isAlive()) {
      startJobManager();
    }
    for (RunningJob job : jobs()) {
      job.cancel(START_LIMIT);
    }
    for (TaskManager taskManager : taskManagers()) {
      if (taskManagers.indexOf(taskManager) >= settings.taskManagers()) {
        removeTaskManager(taskManager);
      } else if (!taskManager.isAlive()) {
        taskManager.restart();
      }
    }
    while (taskManagers.size() < settings.taskManagers()) {
      addTaskManager();
    }
  }

  /**
   * Copies logs and configurations of all processes, those that have ended too, and writes a thread
   * dump of each that lives. What looks like a credential in a configuration is left out. Blocks
   * for some seconds.
   *
   * @param target a directory, which is made if it is not there
   */
  public void keepEvidence(Path target) {
    try {
      Files.createDirectories(target);
      for (JavaProcess process : processes()) {
        String dump = process.threadDump();
        if (!dump.isEmpty()) {
          Files.writeString(target.resolve("threads-" + process.name() + ".txt"), dump);
        }
      }
      directory.copyEvidence(target);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the logs of a cluster in " + target, e);
    }
  }

  /** Kills all processes and deletes the directory. Idempotent. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (JavaProcess process : processes()) {
      try {
        process.kill();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    directory.delete();
    if (failure != null) {
      throw failure;
    }
  }

  private void begin() {
    String zooKeeper = "";
    if (settings.highAvailability()) {
      zooKeeper = ZooKeeper.start(processes, directory, this::remember, START_LIMIT);
    }
    for (int attempt = 1; ; attempt++) {
      configuration =
          ClusterConfiguration.of(settings, directory, ClusterProcesses.freePort(), zooKeeper);
      directory.writeConfiguration("conf", configuration);
      startJobManagerProcess();
      if (taskManagers.isEmpty()) {
        // At the same time: they try until the JobManager is there.
        for (int i = 0; i < settings.taskManagers(); i++) {
          startTaskManager();
        }
      }
      try {
        awaitJobManager();
        taskManagers.forEach(this::awaitRegistration);
        return;
      } catch (ProcessFailedException e) {
        if (attempt == ATTEMPTS || jobManager().findLine(PORT_TAKEN).isEmpty()) {
          throw e;
        }
        jobManager().kill();
        taskManagers.forEach(TaskManager::kill);
        taskManagers.clear();
      }
    }
  }

  private RunningJob run(JobJar jar, ObjectNode request) {
    String jarId = uploaded.computeIfAbsent(jar, this::upload);
    String id = rest.post("/jars/" + jarId + "/run", request).get("jobid").asText();
    return job(JobID.fromHexString(id));
  }

  private String upload(JobJar jar) {
    Path file =
        jars.computeIfAbsent(
            jar,
            added -> {
              Path written = directory.jars().resolve("job-" + (jars.size() + 1) + ".jar");
              try {
                added.writeTo(written);
              } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + written, e);
              }
              return written;
            });
    String name = rest.upload(file).get("filename").asText();
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private void startJobManagerProcess() {
    restAddress = null;
    uploaded.clear();
    String id = "jobmanager-" + ++jobManagers;
    jobManager = remember(processes.jobManager(id, directory.conf()));
  }

  private void awaitJobManager() {
    String address = jobManager().awaitLine(REST_READY, START_LIMIT).group(1);
    restAddress = URI.create("http://" + address);
  }

  private TaskManager startTaskManager() {
    TaskManager added =
        new TaskManager(
            ++numbered,
            id -> remember(processes.taskManager(id, directory.conf())),
            this::awaitRegistration);
    added.start();
    taskManagers.add(added);
    return added;
  }

  private void awaitRegistration(TaskManager taskManager) {
    Optional<Set<String>> known =
        Poll.within(
            START_LIMIT,
            () -> {
              requireAlive(jobManager());
              requireAlive(taskManager.process());
              return Optional.of(registered()).filter(ids -> ids.contains(taskManager.id()));
            });
    if (known.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "The JobManager does not know %s after %s; it knows %s. End of the log of the"
                  + " JobManager:%n%s%nof the TaskManager:%n%s",
              taskManager.id(),
              START_LIMIT,
              registered(),
              jobManager().logTail(),
              taskManager.process().logTail()));
    }
  }

  private static void requireAlive(JavaProcess process) {
    if (!process.isAlive()) {
      process.awaitLine(Pattern.compile("(?!)"), Duration.ZERO); // fails with its log
    }
  }

  private Set<String> registered() {
    Set<String> ids = new TreeSet<>();
    rest.find("/taskmanagers")
        .ifPresent(
            answer -> {
              for (JsonNode entry : answer.path("taskmanagers")) {
                ids.add(entry.get("id").asText());
              }
            });
    return ids;
  }

  private JavaProcess jobManager() {
    if (jobManager == null) {
      throw new IllegalStateException("The cluster was not started");
    }
    return jobManager;
  }

  private JavaProcess remember(JavaProcess process) {
    synchronized (started) {
      started.add(process);
    }
    return process;
  }

  private List<JavaProcess> processes() {
    synchronized (started) {
      return List.copyOf(started);
    }
  }
}
