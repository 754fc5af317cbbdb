// SPDX-License-Identifier: Apache-2.0
package io.millrace.leak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/** Makes a jar as users build it: the connector's, with everything in it, and a program. */
final class UserJar {

  private UserJar() {}

  /**
   * Writes a jar.
   *
   * @param connector the connector's SQL jar
   * @param program classes of the tests that go into it
   */
  static void write(Path jar, Path connector, List<Class<?>> program) throws IOException {
    if (!Files.exists(connector)) {
      throw new IOException(
          "Cannot make a user jar: there is no " + connector + "; build it with mvn package");
    }
    try (JarFile from = new JarFile(connector.toFile());
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream to = new JarOutputStream(file)) {
      Enumeration<JarEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        try (InputStream content = from.getInputStream(entry)) {
          write(to, entry.getName(), content);
        }
      }
      for (Class<?> type : program) {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream content = type.getClassLoader().getResourceAsStream(name)) {
          if (content == null) {
            throw new IOException("Cannot make a user jar: there is no " + name);
          }
          write(to, name, content);
        }
      }
    }
  }

  private static void write(JarOutputStream jar, String name, InputStream content)
      throws IOException {
    jar.putNextEntry(new JarEntry(name));
    content.transferTo(jar);
    jar.closeEntry();
  }
}
