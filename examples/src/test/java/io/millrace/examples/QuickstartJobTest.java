// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class QuickstartJobTest {

  private static final String EPOCHS_HEADER =
      " *epoch +samples +samples/s +hit rate +bound +prefetch hits +waits ms +origin bytes"
          + " +origin requests";

  private static final Path README_PICTURE =
      Path.of("../docs/images/fashion-mnist-contact-sheet.png");

  @TempDir Path directory;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream failed = new ByteArrayOutputStream();

  private int run(String... args) {
    return QuickstartJob.run(
        new PrintStream(printed, true, UTF_8), new PrintStream(failed, true, UTF_8), args);
  }

  private List<String> lines() {
    return printed.toString(UTF_8).lines().toList();
  }

  private List<String> errors() {
    return failed.toString(UTF_8).lines().toList();
  }

  @Test
  void readsAndComparesAndShows() throws Exception {
    Path output = directory.resolve("out");
    String dataset = Datasets.FASHION_MNIST.toString();
    int status = run("--dataset", dataset, "--latency", "2ms", "--output", output.toString());

    assertThat(errors()).isEmpty();
    assertThat(status).isZero();
    assertThat(lines())
        .contains(
            "Dataset: " + Datasets.FASHION_MNIST.toAbsolutePath(),
            "  mds, 2,000 samples in 13 shards, 909 KB at the origin",
            "  image tensor<uint8>[28,28]",
            "Origin: simulated, 2 ms each open, status, list, and read after a seek",
            "Pictures: 160 of the first epoch, 10 rows, one a class")
        .anyMatch(line -> line.startsWith("Scan: 3 epochs, shuffled (window 3), 1 reader, "));
    List<String> tables =
        lines().stream().filter(line -> line.matches(EPOCHS_HEADER + "| +\\d+ .*%.*")).toList();
    assertThat(tables).hasSize(8);
    assertThat(tables.get(0)).matches(EPOCHS_HEADER);
    assertThat(tables.get(1)).matches(" +0 +2,000 .* 0\\.0 % +0\\.0 % .* 909 KB +13");
    assertThat(tables.get(2)).matches(" +1 +2,000 .* 100\\.0 % +100\\.0 % +0\\.0 % .* 0 B +0");
    assertThat(tables.get(3)).matches(" +2 +2,000 .* 100\\.0 % +100\\.0 % +0\\.0 % .* 0 B +0");
    assertThat(tables.get(5)).matches(" +0 +2,000 .* 0\\.0 % +0\\.0 % +0\\.0 % .* 909 KB +13");
    assertThat(tables.get(6)).matches(" +1 +2,000 .* +0\\.0 % +0\\.0 % .* KB +\\d+");
    assertThat(lines()).anyMatch(line -> line.startsWith("Ratios: "));
    assertThat(lines().get(lines().size() - 1))
        .isEqualTo("Contact sheet: " + output.resolve("contact-sheet.png"));
    BufferedImage sheet = ImageIO.read(output.resolve("contact-sheet.png").toFile());
    assertThat(sheet.getHeight()).isEqualTo(4 + 10 * 60);
    assertThat(pixels(sheet))
        .as("the picture in README.md")
        .isEqualTo(pixels(ImageIO.read(README_PICTURE.toFile())));
  }

  private static int[] pixels(BufferedImage picture) {
    return picture
        .getRaster()
        .getSamples(0, 0, picture.getWidth(), picture.getHeight(), 0, (int[]) null);
  }

  @Test
  void showsTheFirstSampleOfADatasetWithoutImages() throws Exception {
    Path dataset = copy(Datasets.WITHOUT_IMAGES, directory.resolve("of a; b"));
    int status =
        run(
            "--dataset",
            dataset.toString(),
            "--latency",
            "1ms",
            "--epochs",
            "1",
            "--shuffle",
            "false",
            "--parallelism",
            "2");
    assertThat(errors()).isEmpty();
    assertThat(status).isZero();
    assertThat(lines())
        .contains("Dataset: " + dataset)
        .contains("Origin: simulated, 1 ms each open, status, list, and read after a seek")
        .endsWith(
            "No image was found in this dataset. Its first sample:",
            "  id int64 = 0",
            "  text string = ",
            "  v float64 = 0.0");
  }

  @Test
  void endsWithOneLineIfThereIsNoSuchDataset() {
    Path missing = directory.resolve("missing");
    assertThat(run("--dataset", missing.toString())).isOne();
    assertThat(errors())
        .containsExactly(
            "The quickstart failed. Cannot read the dataset at "
                + missing
                + ": there is no such directory");
    assertThat(lines()).isEmpty();
  }

  @Test
  void endsWithOneLineIfTheFormatIsUnknown() {
    assertThat(run("--dataset", Datasets.FASHION_MNIST.toString(), "--format", "tape")).isOne();
    assertThat(errors())
        .singleElement()
        .asString()
        .contains("\"tape\": known formats are mds, torch");
  }

  @Test
  void endsWithOneLineIfTheDatasetIsEmpty() throws Exception {
    Files.writeString(directory.resolve("index.json"), "{\"version\": 2, \"shards\": []}", UTF_8);
    assertThat(run("--dataset", directory.toString())).isOne();
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("The quickstart failed. Cannot read the dataset at ")
        .contains(directory.toString());
  }

  @Test
  void endsWithOneLineIfTheMemoryIsTooSmall() {
    String dataset = Datasets.FASHION_MNIST.toString();
    assertThat(run("--dataset", dataset, "--latency", "0", "--cacheMemory", "1kb")).isOne();
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("The quickstart failed. Cannot read the dataset at ")
        .contains("half of cache.memory.size is 512; set cache.memory.size to at least ");
  }

  @Test
  void namesTheShardIfTheJobFails() throws Exception {
    copy(Datasets.FASHION_MNIST, directory);
    Path shard = directory.resolve("shard.00003.mds.zstd");
    Files.write(shard, new byte[(int) Files.size(shard)]);

    assertThat(run("--dataset", directory.toString(), "--latency", "0")).isOne();
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("The quickstart failed. Cannot go on reading: Corrupt object ")
        .contains("shard.00003.mds.zstd at offset 0: the xxh64 hash of its ");
    assertThat(lines()).contains("Origin: the local file system, no latency simulated");
  }

  private static Path copy(Path dataset, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(dataset)) {
      Files.copy(file, to.resolve(file.getFileName().toString()));
    }
    return to;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void printsAStackTraceIfAskedTo() {
    assertThat(run("--epochs", "none", "--stacktrace", "true")).isOne();
    assertThat(errors())
        .hasSizeGreaterThan(2)
        .anyMatch(line -> line.startsWith("\tat io.millrace.examples.Arguments"))
        .endsWith(
            "The quickstart failed. Cannot use --epochs = none: it must be a number from 1 to 64");
  }
}
