// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.hdfs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.jspecify.annotations.Nullable;

/**
 * An HDFS of one name node and one data node in this process, on free ports of the loopback. What
 * it stores lies in a temporary directory that {@link #close} removes; where the process was killed
 * before, the next cluster does it.
 *
 * <p>Other processes reach it by {@link #uri}. All methods block until what they tell of is so.
 * Used by one thread.
 */
public final class HdfsCluster implements AutoCloseable {

  private static final String PREFIX = "millrace-hdfs-";

  private final ScratchDirectory directory;
  private final MiniDFSCluster cluster;
  private final URI root;
  private boolean nameNodeRuns = true;
  private @Nullable DataNodeProperties stoppedDataNode;

  private HdfsCluster(ScratchDirectory directory, MiniDFSCluster cluster) {
    this.directory = directory;
    this.cluster = cluster;
    this.root = cluster.getURI(0);
  }

  /**
   * Starts a cluster; takes some seconds.
   *
   * @throws IOException if it does not come up; nothing of it is left then
   */
  public static HdfsCluster start() throws IOException {
    ScratchDirectory directory =
        ScratchDirectory.create(Path.of(System.getProperty("java.io.tmpdir")), PREFIX);
    MiniDFSCluster cluster = null;
    try {
      Configuration configuration = new Configuration();
      configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.path().toString());
      // Asks for port 0 everywhere unless it is told another.
      cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
      cluster.waitActive();
      return new HdfsCluster(directory, cluster);
    } catch (IOException | RuntimeException e) {
      try (directory) {
        if (cluster != null) {
          cluster.shutdown();
        }
      }
      throw e;
    }
  }

  /** The URI of a path in the cluster, such as {@code hdfs://127.0.0.1:41327/dataset}. */
  public String uri(String path) {
    return root + absolute(path);
  }

  private static String absolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("Cannot use path '" + path + "': it is not absolute");
    }
    return path;
  }

  /** Hadoop's file system of the cluster, shared; not to be closed. */
  public FileSystem fileSystem() throws IOException {
    return cluster.getFileSystem();
  }

  /**
   * Copies a local directory.
   *
   * @param directory whose files and directories are copied
   * @param target path in the cluster that does not exist yet
   * @return the URI of the target
   */
  public String put(Path directory, String target) throws IOException {
    org.apache.hadoop.fs.Path to = new org.apache.hadoop.fs.Path(uri(target));
    if (fileSystem().exists(to)) {
      // Hadoop would copy into it.
      throw new IOException("Cannot put " + directory + " to " + to + ": it exists");
    }
    fileSystem().copyFromLocalFile(new org.apache.hadoop.fs.Path(directory.toUri()), to);
    return uri(target);
  }

  /** Stops the name node: every request fails until {@link #startNameNode}. */
  public void stopNameNode() {
    if (nameNodeRuns) {
      cluster.shutdownNameNode(0);
      nameNodeRuns = false;
    }
  }

  /** Starts the name node on the same port, with what it had. */
  public void startNameNode() throws IOException {
    if (!nameNodeRuns) {
      cluster.restartNameNode(0, true);
      nameNodeRuns = true;
    }
  }

  /** Stops the data node: names are known, but nothing can be read. */
  public void stopDataNode() {
    if (stoppedDataNode == null) {
      stoppedDataNode =
          Objects.requireNonNull(cluster.stopDataNode(0), "the cluster has one data node");
    }
  }

  /** Starts the data node on the same ports, with what it had. */
  public void startDataNode() throws IOException {
    if (stoppedDataNode != null) {
      if (!cluster.restartDataNode(stoppedDataNode, true)) {
        throw new IOException("Cannot start the data node of " + root);
      }
      stoppedDataNode = null;
      cluster.waitActive();
    }
  }

  /** Stops what runs and removes what was stored. Closing it again is harmless. */
  @Override
  public void close() throws IOException {
    try (directory) {
      cluster.shutdown(false);
    }
  }

  @Override
  public String toString() {
    return "HdfsCluster[" + root + "]";
  }
}
