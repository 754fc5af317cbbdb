// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** Tells what a figure depends on beside the code: hardware, versions and flags. */
final class Machine {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  static Map<String, String> describe() {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("processor", processorModel());
    machine.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("heapBytes", String.valueOf(Runtime.getRuntime().maxMemory()));
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    machine.put("javaFlags", javaFlags());
    machine.put("flink", EnvironmentInformation.getVersion());
    machine.put("zstd-jni", ZstdVersion.VERSION);
    machine.put("revision", revision());
    return machine;
  }

  private static String processorModel() {
    if (Files.isReadable(PROCESSORS)) {
      try {
        for (String line : Files.readAllLines(PROCESSORS)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      } catch (IOException e) {
        // It is no more than a name; the architecture is one, too.
      }
    }
    return System.getProperty("os.arch");
  }

  private static String javaFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-X"))
        .collect(Collectors.joining(" "));
  }

  private static String revision() {
    try {
      Process git =
          new ProcessBuilder(List.of("git", "describe", "--always", "--dirty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? text : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
