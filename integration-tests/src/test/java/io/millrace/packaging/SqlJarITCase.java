// SPDX-License-Identifier: Apache-2.0
package io.millrace.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.table.MillraceTableFactory;
import io.millrace.flink.table.catalog.MillraceCatalogFactory;
import io.millrace.flink.table.functions.MillraceModuleFactory;
import io.millrace.format.hash.ContentHasher;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.table.factories.Factory;
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
    assertThat(services)
        .contains(
            "META-INF/services/io.millrace.format.DatasetFormat",
            "META-INF/services/org.apache.flink.table.factories.Factory");

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
  void namesTheTableTheCatalogAndTheFunctionsToFlink() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      JarEntry services = jar.getJarEntry("META-INF/services/" + Factory.class.getName());
      assertThat(new String(jar.getInputStream(services).readAllBytes(), UTF_8).lines())
          .filteredOn(line -> !line.startsWith("#"))
          .containsExactly(
              MillraceTableFactory.class.getName(),
              MillraceCatalogFactory.class.getName(),
              MillraceModuleFactory.class.getName());
    }
  }

  /** As two jobs have that came with the jar; each extracts and loads the native code by itself. */
  @Test
  void decompressesInTwoClassLoadersAtOnce() throws Exception {
    byte[] content = "millrace".repeat(100_000).getBytes(UTF_8);
    CyclicBarrier start = new CyclicBarrier(2);
    Callable<Class<?>> job =
        () -> {
          try (URLClassLoader loader =
              new URLClassLoader(
                  new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            start.await(30, TimeUnit.SECONDS);
            Class<?> zstd = loader.loadClass("com.github.luben.zstd.Zstd");
            byte[] packed = (byte[]) zstd.getMethod("compress", byte[].class).invoke(null, content);
            for (int i = 0; i < 20; i++) {
              assertThat(
                      zstd.getMethod("decompress", byte[].class, int.class)
                          .invoke(null, packed, content.length))
                  .isEqualTo(content);
            }
            start.await(30, TimeUnit.SECONDS);
            return zstd;
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Class<?>>> jobs = threads.invokeAll(List.of(job, job));
      assertThat(jobs.get(0).get()).isNotSameAs(jobs.get(1).get());
    } finally {
      threads.shutdownNow();
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
