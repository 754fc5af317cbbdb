// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import io.millrace.harness.leak.Leak.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what a JVM holds before and after: threads, open descriptors, temporary files, class
 * loaders. New is what was not there before; a leak is what is new and does not go away within a
 * limit.
 *
 * <pre>{@code
 * LeakCheck check = LeakCheck.ofThisJvm().directory(cacheDirectory).begin();
 * ... run jobs; check.track(loader, "job 1") ...
 * check.end().check();
 * }</pre>
 *
 * <ul>
 *   <li>Threads are told by their number, not their name. Pools of the JVM and of a running Flink
 *       that come up late and stay are tolerated, see {@link LeakReport#tolerated}.
 *   <li>Descriptors are counted by target, on Linux only; not those of the JVM's own class path.
 *   <li>Files are those of this JVM's {@code java.io.tmpdir}, and of further directories. Other
 *       processes that use the same directory count, too: tell the names that matter by {@link
 *       Builder#temporaryFiles}.
 *   <li>Class loaders are proven unreachable: those that {@link #track} was told of, by a phantom
 *       reference (of this JVM only), and Flink's for user code by the number of their instances
 *       after a full collection. Where a tracked one stays, the heap is dumped.
 * </ul>
 *
 * <p>Begin after a warm-up: what a JVM or cluster makes once is not what is looked for. Owns
 * nothing, starts no thread. {@link #track} is thread-safe, all else is for one thread.
 */
public final class LeakCheck {

  private static final Pattern USER_CLASS_LOADERS =
      Pattern.compile(
          "org\\.apache\\.flink\\.util\\."
              + "(FlinkUserCodeClassLoaders\\$.*|ChildFirstClassLoader|FlinkUserCodeClassLoader)");

  private final Builder settings;
  private final ClassLoaderWatch loaders = new ClassLoaderWatch();
  private final State before;
  private final Set<String> classPath;

  /** What is compared. */
  private record State(
      Map<Long, ThreadState> threads,
      Optional<Map<String, Integer>> descriptors,
      Set<Path> files,
      Map<String, Long> userClassLoaders) {}

  private LeakCheck(Builder settings) throws IOException {
    this.settings = settings;
    this.classPath = settings.probe.classPath();
    this.before = look();
  }

  /** A check of the JVM that calls. */
  public static Builder ofThisJvm() {
    return new Builder(new ThisJvm(), ProcessHandle.current().pid(), true);
  }

  /**
   * A check of another JVM of the same user on this machine, which must have no older Java than the
   * caller. Its temporary files are looked for in {@link Builder#directory} only.
   *
   * @param pid of a running JVM; it must live until {@link #end} returns
   */
  public static Builder ofJvm(long pid) {
    return new Builder(new OtherJvm(pid), pid, false);
  }

  /**
   * Demands that a class loader of this JVM is unreachable at the end. Keeps no strong reference;
   * telling it again is harmless.
   *
   * @param name for the report
   * @throws IllegalStateException if another JVM is checked
   */
  public void track(ClassLoader loader, String name) {
    if (!settings.local) {
      throw new IllegalStateException(
          "Cannot track class loader '" + name + "': process " + settings.pid + " is checked");
    }
    loaders.add(loader, name);
  }

  /**
   * Waits until everything is as before, or the limit has passed. Collects garbage again and again
   * meanwhile. May be called again.
   *
   * @return what is left
   * @throws IOException if the JVM cannot be looked into, for example because it is gone
   */
  public LeakReport end() throws IOException {
    long deadline = System.nanoTime() + settings.limit.toNanos();
    long pause = Duration.ofMillis(10).toNanos();
    while (true) {
      Findings found = compare();
      if (found.leaks.isEmpty() || System.nanoTime() > deadline) {
        return report(found);
      }
      // What is waited for ends in threads and collections that signal nobody here.
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, Duration.ofMillis(500).toNanos());
    }
  }

  private State look() throws IOException {
    // First: each question to another JVM is a connection, which it closes a little later.
    Optional<Map<String, Integer>> descriptors = settings.probe.descriptors();
    Map<String, Long> userClassLoaders =
        settings.probe.instances().entrySet().stream()
            .filter(entry -> USER_CLASS_LOADERS.matcher(entry.getKey()).matches())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Map<Long, ThreadState> threads =
        settings.probe.threads().stream()
            .collect(Collectors.toMap(ThreadState::id, thread -> thread));
    return new State(
        threads,
        descriptors,
        TemporaryFiles.list(settings.directories, settings.named()),
        userClassLoaders);
  }

  /** Tolerated things are told once, however often they come. */
  private static final class Findings {
    private final List<Leak> leaks = new ArrayList<>();
    private final Set<String> tolerated = new LinkedHashSet<>();
    private final List<String> unchecked = new ArrayList<>();
  }

  private Findings compare() throws IOException {
    State now = look();
    Findings found = new Findings();
    compareThreads(now, found);
    compareDescriptors(now, found);
    for (Path file : now.files) {
      if (!before.files.contains(file)) {
        sort(found, settings.allowedFiles, new Leak(Kind.FILE, file.toString()), file.toString());
      }
    }
    now.userClassLoaders.forEach(
        (name, count) -> {
          long more = count - before.userClassLoaders.getOrDefault(name, 0L);
          if (more > 0) {
            found.leaks.add(new Leak(Kind.CLASS_LOADER, more + " more of " + name));
          }
        });
    loaders.describe().forEach(name -> found.leaks.add(new Leak(Kind.CLASS_LOADER, name)));
    return found;
  }

  private void compareThreads(State now, Findings found) {
    for (ThreadState thread : now.threads.values()) {
      if (!before.threads.containsKey(thread.id())) {
        settings.allowedThreads.stream()
            .filter(allowed -> allowed.covers(thread))
            .findFirst()
            .ifPresentOrElse(
                allowed ->
                    found.tolerated.add("thread \"" + thread.name() + "\": " + allowed.reason()),
                () -> found.leaks.add(new Leak(Kind.THREAD, thread.toString())));
      }
    }
  }

  private void compareDescriptors(State now, Findings found) throws IOException {
    if (before.descriptors.isEmpty() || now.descriptors.isEmpty()) {
      found.unchecked.add(
          "descriptors: this system does not show those of process " + settings.pid);
      return;
    }
    for (Map.Entry<String, Integer> open : new TreeMap<>(now.descriptors.get()).entrySet()) {
      String target = open.getKey();
      if (classPath.contains(target)) {
        continue; // opened when the first class of it is needed
      }
      int more = open.getValue() - before.descriptors.get().getOrDefault(target, 0);
      if (more > 0) {
        String what = more + " more of " + Descriptors.describe(settings.pid, target);
        sort(found, settings.allowedDescriptors, new Leak(Kind.DESCRIPTOR, what), target);
      }
    }
  }

  private static void sort(Findings found, List<Allowed> allowedOnes, Leak leak, String name) {
    for (Allowed allowed : allowedOnes) {
      if (allowed.covers(name)) {
        found.tolerated.add(leak + ": " + allowed.reason());
        return;
      }
    }
    found.leaks.add(leak);
  }

  private LeakReport report(Findings found) throws IOException {
    List<Leak> leaks = new ArrayList<>(found.leaks);
    if (settings.local && leaks.stream().anyMatch(leak -> leak.kind() == Kind.CLASS_LOADER)) {
      Path dump = ClassLoaderWatch.dumpHeap(settings.heapDumps);
      leaks.add(new Leak(Kind.CLASS_LOADER, "what holds it is in " + dump.toAbsolutePath()));
    }
    return new LeakReport(leaks, List.copyOf(found.tolerated), found.unchecked);
  }

  /** What a check looks at. */
  public static final class Builder {

    private final JvmProbe probe;
    private final long pid;
    private final boolean local;
    private final List<Path> directories = new ArrayList<>();
    private final List<Allowed> allowedThreads = new ArrayList<>(LongLived.THREADS);
    private final List<Allowed> allowedDescriptors = new ArrayList<>(LongLived.DESCRIPTORS);
    private final List<Allowed> allowedFiles = new ArrayList<>(LongLived.FILES);
    private Pattern temporaryFiles = Pattern.compile(".*");
    private Path heapDumps = Path.of("target", "leaks");
    private Duration limit = Duration.ofSeconds(30);

    private Builder(JvmProbe probe, long pid, boolean local) {
      this.probe = probe;
      this.pid = pid;
      this.local = local;
    }

    /** Looks for new files below a directory, too, which need not exist. */
    public Builder directory(Path directory) {
      directories.add(directory);
      return this;
    }

    /**
     * Looks in {@code java.io.tmpdir} only for what has such a name, or lies in a directory of such
     * a name; without this for everything.
     *
     * @param names the whole of a name in that directory
     */
    public Builder temporaryFiles(Pattern names) {
      temporaryFiles = names;
      return this;
    }

    /** The directory for temporary files of another JVM is not known. */
    private Optional<TemporaryFiles.Named> named() {
      return local
          ? Optional.of(
              new TemporaryFiles.Named(
                  Path.of(System.getProperty("java.io.tmpdir")), temporaryFiles))
          : Optional.empty();
    }

    /**
     * Tolerates threads that come up and stay.
     *
     * @param names the whole of a name
     * @param reason for the report
     */
    public Builder allowThreads(Pattern names, String reason) {
      allowedThreads.add(new Allowed(names, null, reason));
      return this;
    }

    /**
     * Tolerates threads of any name that run something.
     *
     * @param frame part of a frame of the stack, such as {@code org\.example\.Pool\.run}
     * @param reason for the report
     */
    public Builder allowThreadsIn(Pattern frame, String reason) {
      allowedThreads.add(new Allowed(Pattern.compile("(?s).*"), frame, reason));
      return this;
    }

    /** Tolerates descriptors whose whole target, such as a path, matches. */
    public Builder allowDescriptors(Pattern targets, String reason) {
      allowedDescriptors.add(new Allowed(targets, null, reason));
      return this;
    }

    /** Tolerates files whose whole path matches. */
    public Builder allowFiles(Pattern paths, String reason) {
      allowedFiles.add(new Allowed(paths, null, reason));
      return this;
    }

    /** How long {@link LeakCheck#end} waits for what is still ending; 30 s by default. */
    public Builder limit(Duration duration) {
      limit = duration;
      return this;
    }

    /** Where heap dumps go; {@code target/leaks} by default. */
    public Builder heapDumps(Path directory) {
      heapDumps = directory;
      return this;
    }

    /**
     * Looks at how things are before.
     *
     * @throws IOException if the JVM cannot be looked into
     */
    public LeakCheck begin() throws IOException {
      return new LeakCheck(this);
    }
  }
}
