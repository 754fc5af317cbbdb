// SPDX-License-Identifier: Apache-2.0
package io.millrace.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.hash.ContentHasher;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users put into lib/ or name in ADD JAR. */
@Tag("it")
final class SqlJarITCase {

  private static final Path JAR = Path.of(System.getProperty("millrace.sql.jar"));

  @Test
  void holdsNoClassUnderANameThatAnotherJarMayHave() throws IOException {
    assertThat(entries())
        .filteredOn(name -> name.endsWith(".class"))
        .contains("io/millrace/format/DatasetFormat.class")
        .allMatch(
            name -> name.startsWith("io/millrace/") || name.startsWith("com/github/luben/zstd/"));
  }

  @Test
  void holdsEveryClassThatItsServicesName() throws IOException {
    List<String> entries = entries();
    List<String> services =
        entries.stream().filter(name -> name.matches("META-INF/services/.+")).toList();
    assertThat(services).contains("META-INF/services/io.millrace.format.DatasetFormat");

    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (String service : services) {
        String text = new String(jar.getInputStream(jar.getEntry(service)).readAllBytes(), UTF_8);
        assertThat(text.lines().map(String::strip).filter(line -> !line.matches("(#.*)?")))
            .as(service)
            .isNotEmpty()
            .allMatch(provider -> entries.contains(provider.replace('.', '/') + ".class"));
      }
    }
  }

  @Test
  void holdsWhatItsLibrariesNeed() throws Exception {
    // Minimised: a class that is only found by name would be missing here.
    try (URLClassLoader isolated =
        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = isolated.loadClass(ContentHasher.class.getName());
      assertThat(type).isNotSameAs(ContentHasher.class);
      for (String algorithm : ContentHasher.supported()) {
        Object hasher = type.getMethod("of", String.class).invoke(null, algorithm);
        type.getMethod("update", byte[].class, int.class, int.class)
            .invoke(hasher, new byte[] {1, 2, 3}, 0, 3);
        ContentHasher expected = ContentHasher.of(algorithm);
        expected.update(new byte[] {1, 2, 3}, 0, 3);
        assertThat(type.getMethod("hexDigest").invoke(hasher))
            .as(algorithm)
            .isEqualTo(expected.hexDigest());
      }
      Class<?> zstd = isolated.loadClass("com.github.luben.zstd.Zstd");
      byte[] content = "millrace".repeat(100).getBytes(UTF_8);
      byte[] packed = (byte[]) zstd.getMethod("compress", byte[].class).invoke(null, content);
      assertThat(
              zstd.getMethod("decompress", byte[].class, int.class)
                  .invoke(null, packed, content.length))
          .isEqualTo(content);
    }
  }

  @Test
  void carriesItsLicenceAndNotice() throws IOException {
    assertThat(entries()).contains("META-INF/LICENSE", "META-INF/NOTICE");
    try (JarFile jar = new JarFile(JAR.toFile())) {
      String notice =
          new String(jar.getInputStream(jar.getEntry("META-INF/NOTICE")).readAllBytes(), UTF_8);
      assertThat(notice).startsWith("Millrace").contains("zstd-jni", "Bouncy Castle", "Brotli");
    }
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(JarEntry::getName).toList();
    }
  }
}
