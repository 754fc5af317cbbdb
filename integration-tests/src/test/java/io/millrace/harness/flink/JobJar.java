// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A job as users hand it in: a jar with the classes of the job and, in {@code lib/}, the jars of
 * the libraries that it brings along. Flink loads all of it by a class loader of the job's own.
 *
 * <p>A value: it holds no file. {@link FlinkCluster} writes it into its directory when it is
 * submitted.
 */
public final class JobJar {

  private final Class<?> entryClass;
  private final Set<Class<?>> classes;
  private final List<Path> libraries;

  private JobJar(Class<?> entryClass, Set<Class<?>> classes, List<Path> libraries) {
    this.entryClass = entryClass;
    this.classes = classes;
    this.libraries = libraries;
  }

  /** A jar to be filled; its entry class, which has the main method, is in it. */
  public static Builder builder(Class<?> entryClass) {
    return new Builder(entryClass);
  }

  /** The name of the class with the main method. */
  public String entryClass() {
    return entryClass.getName();
  }

  /**
   * Writes the jar.
   *
   * @throws IOException if it cannot be written, or if something is there already
   */
  public void writeTo(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        JarOutputStream jar = new JarOutputStream(out)) {
      Map<String, byte[]> files = new TreeMap<>();
      for (Class<?> type : classes) {
        files.putAll(classFiles(type));
      }
      for (var entry : files.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue());
        jar.closeEntry();
      }
      for (Path library : libraries) {
        jar.putNextEntry(new ZipEntry("lib/" + library.getFileName()));
        Files.copy(library, jar);
        jar.closeEntry();
      }
    }
  }

  /** A top-level class and what is nested in it, lambdas' interfaces and switch tables too. */
  private static Map<String, byte[]> classFiles(Class<?> type) throws IOException {
    Path source;
    try {
      source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("Cannot find the class file of " + type.getName(), e);
    }
    if (Files.isDirectory(source)) {
      return classFiles(type, source);
    }
    try (FileSystem jar = FileSystems.newFileSystem(source)) {
      return classFiles(type, jar.getPath("/"));
    }
  }

  private static Map<String, byte[]> classFiles(Class<?> type, Path root) throws IOException {
    String directory = type.getPackageName().replace('.', '/');
    String name = type.getSimpleName();
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> siblings = Files.list(root.resolve(directory))) {
      for (Path file : siblings.toList()) {
        String fileName = file.getFileName().toString();
        if (fileName.equals(name + ".class")
            || (fileName.startsWith(name + "$") && fileName.endsWith(".class"))) {
          files.put(directory + "/" + fileName, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  /** Collects what is in the jar. */
  public static final class Builder {

    private final Class<?> entryClass;
    private final Set<Class<?>> classes = new LinkedHashSet<>();
    private final List<Path> libraries = new ArrayList<>();

    private Builder(Class<?> entryClass) {
      this.entryClass = entryClass;
      classes(entryClass);
    }

    /**
     * Adds classes with their nested classes; of a nested class everything around it.
     *
     * @throws IllegalArgumentException for a class that is in no directory and no jar
     */
    public Builder classes(Class<?>... added) {
      for (Class<?> type : added) {
        if (type.isPrimitive()
            || type.isArray()
            || type.getProtectionDomain().getCodeSource() == null) {
          throw new IllegalArgumentException("Cannot put into a jar: " + type);
        }
        classes.add(type.getNestHost());
      }
      return this;
    }

    /**
     * Adds a jar to {@code lib/}.
     *
     * @throws UncheckedIOException if it is not there
     */
    public Builder library(Path jar) {
      if (!Files.isRegularFile(jar)) {
        throw new UncheckedIOException(
            new NoSuchFileException(jar.toString(), null, "library of a job's jar"));
      }
      libraries.add(jar);
      return this;
    }

    public JobJar build() {
      return new JobJar(entryClass, new LinkedHashSet<>(classes), List.copyOf(libraries));
    }
  }
}
