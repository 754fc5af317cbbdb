// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PickleLimits;
import io.millrace.format.pickle.PickleMachine;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What {@code torch.save} has written since version 1.6: a zip archive with one directory, in it
 * the pickle {@code data.pkl}, the storages {@code data/KEY} and a {@code version}. The directory
 * is named after the file, or {@code archive}.
 */
final class ZipLayout {

  private static final String PICKLE = "data.pkl";
  private static final String STORAGES = "data/";

  /** Versions that torch has ever read; files of {@code torch.save} are of 3. */
  private static final int LATEST_VERSION = 10;

  private final FileBytes file;
  private final ShardInput input;
  private final ZipArchive archive;
  private final String root;

  private ZipLayout(FileBytes file, ShardInput input, ZipArchive archive, String root) {
    this.file = file;
    this.input = input;
    this.archive = archive;
    this.root = root;
  }

  /** What was saved. */
  static Object read(FileBytes file, ShardInput input) throws IOException {
    ZipArchive archive = ZipArchive.open(file);
    String root = root(file, archive);
    return new ZipLayout(file, input, archive, root).read();
  }

  /** The one directory that all records are in, with its slash. */
  private static String root(FileBytes file, ZipArchive archive) throws CorruptObjectException {
    String root = "";
    for (ZipRecord record : archive.records()) {
      String name = record.entry().name();
      if (root.isEmpty()) {
        root = name.substring(0, name.indexOf('/') + 1);
      }
      if (root.isEmpty() || !name.startsWith(root)) {
        throw notTorch(
            file, "its record " + Quoted.plain(name) + " is not in one directory with the others");
      }
    }
    return root;
  }

  private static CorruptObjectException notTorch(FileBytes file, String reason) {
    return file.corrupt(0, "a zip archive that torch.save did not write: " + reason);
  }

  private Object read() throws IOException {
    refuseScript();
    checkVersion();
    ZipRecord pickle = archive.find(root + PICKLE);
    if (pickle == null) {
      throw notTorch(file, "it has no record " + Quoted.plain(root + PICKLE));
    }
    ZipStorages storages = new ZipStorages(isBigEndian());
    for (ZipRecord record : archive.records()) {
      String name = record.entry().name();
      if (name.startsWith(STORAGES, root.length()) && !name.endsWith("/")) {
        storages.add(name.substring(root.length() + STORAGES.length()), record.read(file, input));
      }
    }
    return load(pickle, pickle.read(file, input), storages);
  }

  private void refuseScript() throws CorruptObjectException {
    for (ZipRecord record : archive.records()) {
      String name = record.entry().name();
      if (name.startsWith("code/", root.length()) || name.equals(root + "constants.pkl")) {
        throw file.corrupt(
            0, "the file is a TorchScript archive: save the tensors with torch.save");
      }
    }
  }

  private void checkVersion() throws IOException {
    String version = text("version", "3");
    boolean digits = !version.isEmpty() && version.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = digits && version.length() <= 3 ? Integer.parseInt(version) : 0;
    if (number < 1 || number > LATEST_VERSION) {
      throw notTorch(
          file, "its version is " + Quoted.plain(version) + ", not one of 1 to " + LATEST_VERSION);
    }
  }

  private boolean isBigEndian() throws IOException {
    String order = text("byteorder", "little");
    return switch (order) {
      case "little" -> false;
      case "big" -> true;
      default ->
          throw notTorch(
              file, "its byte order is " + Quoted.plain(order) + ", neither little nor big");
    };
  }

  /** Content of a short record, without spaces around it. */
  private String text(String name, String absent) throws IOException {
    ZipRecord record = archive.find(root + name);
    if (record == null) {
      return absent;
    }
    if (record.entry().size() > 100) {
      throw record.corrupt(file, "has " + record.entry().size() + " bytes where few are expected");
    }
    Region content = record.read(file, input);
    byte[] bytes = content.bytes().copy(content.begin(), (int) content.length());
    return new String(bytes, StandardCharsets.ISO_8859_1).strip();
  }

  private Object load(ZipRecord record, Region pickle, ZipStorages storages)
      throws CorruptObjectException {
    TorchConstructors constructors = new TorchConstructors(storages, pickle.length());
    PickleMachine.Loaded loaded;
    try {
      loaded =
          PickleMachine.load(
              pickle.bytes(), pickle.begin(), pickle.end(), constructors, PickleLimits.DEFAULTS);
    } catch (PickleException e) {
      throw corrupt(record, e.position(), e.getMessage());
    }
    if (loaded.end() != pickle.end()) {
      throw corrupt(
          record, loaded.end(), (pickle.end() - loaded.end()) + " bytes follow the pickle");
    }
    return loaded.value();
  }

  /** A fault of the pickle; its position counts in the file, or in what was inflated. */
  private CorruptObjectException corrupt(
      ZipRecord record, long position, @Nullable String problem) {
    return record.entry().deflated()
        ? record.corrupt(file, "inflates to a pickle with a fault at " + position + ": " + problem)
        : file.corrupt(position, "in the pickle: " + problem);
  }
}
