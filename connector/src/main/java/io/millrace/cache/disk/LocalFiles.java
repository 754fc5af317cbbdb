// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which objects of local file systems are copied to the tier on disk. */
public enum LocalFiles {
  /** Those of network mounts; a copy of what is on a disk of this machine saves nothing. */
  AUTO,
  /** All. */
  ALWAYS,
  /** None. */
  NEVER;

  private static final Set<String> NETWORK =
      Set.of(
          "nfs",
          "nfs3",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afs",
          "ceph",
          "lustre",
          "glusterfs",
          "gpfs",
          "beegfs",
          "pvfs2",
          "orangefs",
          "ocfs2",
          "gfs2",
          "9p",
          "virtiofs",
          "davfs",
          "webdav",
          "sshfs",
          "s3fs",
          "fuseblk.s3fs",
          "moosefs",
          "weka",
          "wekafs",
          "quobyte");

  /** Names that users write. */
  public static List<String> names() {
    return Arrays.stream(values()).map(LocalFiles::optionName).toList();
  }

  /** The name that users write. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The choice of a name.
   *
   * @throws IllegalArgumentException if there is none of it; the message lists the names
   */
  public static LocalFiles named(String name) {
    for (LocalFiles choice : values()) {
      if (choice.optionName().equals(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "Cannot use cache.local-files = "
            + name
            + ": it must be one of "
            + String.join(", ", names()));
  }

  /**
   * Whether objects below a place are kept on disk. May ask the file system, and so block; not for
   * every access.
   */
  public boolean keeps(ObjectLocation place) {
    if (!place.uri().startsWith("file:")) {
      return true;
    }
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> isNetwork(place);
    };
  }

  private static boolean isNetwork(ObjectLocation place) {
    try {
      Path path = Path.of("/" + place.uri().replaceFirst("^file:/*", ""));
      while (path.getParent() != null && !Files.exists(path)) {
        path = path.getParent();
      }
      return isNetwork(Files.getFileStore(path).type());
    } catch (IOException | InvalidPathException e) {
      return false; // it will fail where it is read, with a better message
    }
  }

  /** Mounts of user space ({@code fuse.…}) bring what lies elsewhere, with few exceptions. */
  static boolean isNetwork(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return NETWORK.contains(name) || (name.startsWith("fuse.") && !name.equals("fuse.ntfs-3g"));
  }
}
