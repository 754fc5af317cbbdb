// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.hdfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
@Tag("hdfs")
@Tag("slow")
class HdfsClusterITCase {

  @TempDir Path local;

  /** A client that does not keep trying. */
  private static String read(String uri) throws IOException {
    Configuration impatient = new Configuration();
    impatient.setInt("ipc.client.connect.max.retries", 0);
    impatient.setInt("dfs.client.max.block.acquire.failures", 0);
    impatient.setBoolean("fs.hdfs.impl.disable.cache", true);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), impatient);
        InputStream in = files.open(path)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static List<Path> scratchDirectories() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("millrace-hdfs-"))
          .toList();
    }
  }

  @Test
  void servesWhatWasPutThroughRestartsOfItsNodesAndLeavesNothing() throws IOException {
    Path directory = Files.createDirectories(local.resolve("dataset/sub"));
    Files.writeString(directory.resolve("file"), "content");
    List<Path> before = scratchDirectories();
    try (HdfsCluster cluster = HdfsCluster.start()) {
      String target = cluster.put(local.resolve("dataset"), "/copy");
      assertThat(target)
          .isEqualTo(cluster.uri("/copy"))
          .matches("hdfs://(localhost|127.0.0.1):\\d+/copy");
      String file = cluster.uri("/copy/sub/file");
      assertThat(read(file)).isEqualTo("content");
      assertThatThrownBy(() -> cluster.put(local.resolve("dataset"), "/copy"))
          .hasMessage("Cannot put " + local.resolve("dataset") + " to " + target + ": it exists");
      assertThatThrownBy(() -> cluster.uri("copy"))
          .hasMessage("Cannot use path 'copy': it is not absolute");

      cluster.stopNameNode();
      assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class);
      cluster.startNameNode();
      assertThat(read(file)).isEqualTo("content");

      cluster.stopDataNode();
      assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class);
      cluster.startDataNode();
      assertThat(read(file)).isEqualTo("content");

      // Starting it may have removed some of those before: what a killed process left.
      assertThat(scratchDirectories()).anyMatch(found -> !before.contains(found));
      cluster.stopNameNode();
      cluster.stopDataNode();
    }
    assertThat(before).containsAll(scratchDirectories());
  }
}
