// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.examples.Datasets;
import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import java.awt.Point;
import java.awt.image.Raster;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The quickstart's dataset, read by a job in its own order, is what its writer says it is. */
@Tag("unit")
class FashionMnistTest {

  private static final List<Sample> SAMPLES = new ArrayList<>();
  private static String truth;

  @BeforeAll
  static void read() throws Exception {
    truth = Files.readString(Datasets.FASHION_MNIST_TRUTH, UTF_8);
    MillraceSource<Sample> source =
        MillraceSource.builder().path("file://" + Datasets.FASHION_MNIST.toAbsolutePath()).build();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    try (CloseableIterator<Sample> samples =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "samples").executeAndCollect()) {
      samples.forEachRemaining(SAMPLES::add);
    }
  }

  private static String truth(String key) {
    Matcher matcher = Pattern.compile("\"" + key + "\": \"?([^\",}]+)").matcher(truth);
    assertThat(matcher.find()).as(key).isTrue();
    return matcher.group(1).strip();
  }

  @Test
  void imagesAndLabelsAreThoseOfTheWriter() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Sample sample : SAMPLES) {
      digest.update(sample.getTensor("image").data().toByteArray());
      digest.update((byte) sample.getLong("label"));
    }
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo(truth("sha256_of_image_bytes_then_label_byte_in_order"));
  }

  @Test
  void eachLabelOccursTwoHundredTimes() {
    long[] counts = new long[10];
    SAMPLES.forEach(sample -> counts[(int) sample.getLong("label")]++);
    assertThat(counts).containsOnly(200);
  }

  @Test
  void idsAreInOrder() {
    assertThat(SAMPLES.subList(0, 5))
        .extracting(sample -> sample.getString("id"))
        .containsExactly("t10k-00000", "t10k-00001", "t10k-00002", "t10k-00003", "t10k-00004");
  }

  @Test
  void theMeanPixelIsThatOfTheWriter() {
    double sum = 0;
    for (Sample sample : SAMPLES) {
      for (double pixel : sample.getTensor("image").toDoubleArray()) {
        sum += pixel;
      }
    }
    assertThat(sum / (SAMPLES.size() * 784L)).isEqualTo(Double.parseDouble(truth("mean_pixel")));
  }

  /** Compares with the tensors themselves, past everything that makes pictures of them. */
  @Test
  void theContactSheetShowsTheFirstImagesOfEachClass() {
    ThumbnailPicker picker = new ThumbnailPicker(SAMPLES.get(0).schema());
    List<Thumbnail> picked = new ArrayList<>();
    SAMPLES.forEach(sample -> picker.flatMap(sample, new ListCollector<>(picked)));
    ContactSheet sheet = ContactSheet.of(picked);
    Raster raster = sheet.draw().getRaster();
    ContactSheetTest.assertShows(raster, sheet);
    for (int label = 0; label < 10; label++) {
      List<Sample> expected = firstOf(label);
      for (int column = 0; column < ContactSheet.COLUMNS; column++) {
        Point corner = sheet.corner(label, column);
        for (int pixel = 0; pixel < 784; pixel++) {
          int x = corner.x + pixel % 28 * sheet.scale();
          int y = corner.y + pixel / 28 * sheet.scale();
          assertThat((long) raster.getSample(x, y, 0))
              .isEqualTo(expected.get(column).getTensor("image").getLong(pixel));
        }
      }
    }
  }

  private static List<Sample> firstOf(int label) {
    return SAMPLES.stream()
        .filter(sample -> sample.getLong("label") == label)
        .limit(ContactSheet.COLUMNS)
        .toList();
  }
}
