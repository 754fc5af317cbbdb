// SPDX-License-Identifier: Apache-2.0
package io.millrace.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the {@code sql} jar says of the libraries in it, and the licences that it must carry. */
@Tag("it")
final class SqlJarLicencesITCase {

  private static final Path JAR = Path.of(System.getProperty("millrace.sql.jar"));

  /** A line that says where the text of a licence is. */
  private static final Pattern TEXT = Pattern.compile("  (\\S.* License): (META-INF/\\S+)");

  /** The holder of a copyright, in the line before. */
  private static final Pattern HOLDER = Pattern.compile(".*Copyright [0-9, -]*(?:by )?(.+?)\\.?");

  @Test
  void everyLibraryInItIsInTheNotice() throws IOException {
    List<String> named =
        Pattern.compile("\\b([a-z][\\w.-]+):([a-z]\\w+(-\\w+)*)")
            .matcher(notice())
            .results()
            .map(library -> packageOf(library.group(1), library.group(2)))
            .toList();
    Set<String> present =
        entries().stream()
            .filter(name -> name.endsWith(".class"))
            .map(name -> name.replace("io/millrace/shaded/", "").replace('/', '.'))
            .filter(name -> !name.startsWith("io.millrace."))
            .map(name -> name.substring(0, name.lastIndexOf('.', name.length() - 7) + 1))
            .collect(Collectors.toSet());

    assertThat(present)
        .isNotEmpty()
        .allMatch(found -> named.stream().anyMatch(found::startsWith), "is in the notice");
    assertThat(named)
        .isNotEmpty()
        .allMatch(name -> present.stream().anyMatch(found -> found.startsWith(name)), "is there");
  }

  /** Where the classes of a library are: below its group, but for Apache Commons. */
  private static String packageOf(String group, String artifact) {
    return artifact.startsWith("commons-")
        ? artifact.replace("commons-", "org.apache.commons.") + "."
        : group + ".";
  }

  @Test
  void everyLicenceButApacheIsThereAsText() throws IOException {
    List<String> lines =
        notice().lines().dropWhile(line -> !line.contains("classifier \"sql\"")).toList();
    Set<String> named = new LinkedHashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replace("Apache License 2.0", "");
      if (!line.matches("(?i).*(licen[cs]e\\b|\\bBSD\\b|\\bMIT\\b|\\bGPL).*")) {
        continue;
      }
      Matcher text = TEXT.matcher(line);
      assertThat(text.matches()).as("'%s' says where its text is", line).isTrue();
      Matcher holder = HOLDER.matcher(lines.get(i - 1));
      assertThat(holder.matches()).as("'%s' names a holder", lines.get(i - 1)).isTrue();
      assertThat(text(text.group(2)))
          .as(text.group(2))
          .contains(holder.group(1))
          .containsAnyOf("Permission is", "Redistribution and use");
      named.add(text.group(2));
    }

    assertThat(named)
        .contains(
            "META-INF/licenses/LICENSE.zstd-jni",
            "META-INF/licenses/LICENSE.zstd",
            "META-INF/licenses/LICENSE.brotli",
            "META-INF/licenses/LICENSE.bouncycastle");
    assertThat(entries())
        .filteredOn(name -> name.startsWith("META-INF/licenses/") && !name.endsWith("/"))
        .isSubsetOf(named);
  }

  @Test
  void theTextOfBouncyCastleIsThatOfItsJar() throws Exception {
    Class<?> library = Class.forName("org.bouncycastle.crypto.Digest");
    Path jar = Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile published = new JarFile(jar.toFile())) {
      JarEntry licence = published.getJarEntry("META-INF/LICENSE.md");
      assertThat(text("META-INF/licenses/LICENSE.bouncycastle"))
          .isEqualTo(new String(published.getInputStream(licence).readAllBytes(), UTF_8));
    }
  }

  private static String notice() throws IOException {
    return text("META-INF/NOTICE");
  }

  private static String text(String entry) throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getEntry(entry)).as(entry).isNotNull();
      try (InputStream content = jar.getInputStream(jar.getEntry(entry))) {
        return new String(content.readAllBytes(), UTF_8);
      }
    }
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(JarEntry::getName).collect(Collectors.toList());
    }
  }
}
