// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the pages for users of other tools say is so. Their options are those of the versions that
 * the pages name; the page on Flink's own connector is compared with Flink in {@code
 * FilesystemPageTest}.
 */
@Tag("unit")
class ComingFromPagesTest {

  private static final Path STREAMING = page("mosaicml-streaming");
  private static final Path WEBDATASET = page("webdataset");
  private static final Path FILESYSTEM = page("flink-filesystem");

  /** Parameters of {@code StreamingDataset.__init__}. */
  private static final List<String> STREAMING_DATASET =
      List.of(
          "streams",
          "remote",
          "local",
          "split",
          "download_retry",
          "download_timeout",
          "validate_hash",
          "keep_zip",
          "epoch_size",
          "predownload",
          "cache_limit",
          "sampling_method",
          "sampling_granularity",
          "partition_algo",
          "num_canonical_nodes",
          "batch_size",
          "shuffle",
          "shuffle_algo",
          "shuffle_seed",
          "shuffle_block_size",
          "batching_method",
          "allow_unsafe_types",
          "replication",
          "stream_name",
          "stream_config");

  /** Parameters of {@code WebDataset.__init__}. */
  private static final List<String> WEBDATASET_OPTIONS =
      List.of(
          "urls",
          "handler",
          "mode",
          "resampled",
          "repeat",
          "shardshuffle",
          "cache_size",
          "cache_dir",
          "url_to_name",
          "detshuffle",
          "nodesplitter",
          "workersplitter",
          "select_files",
          "rename_files",
          "empty_check",
          "verbose",
          "seed");

  @TempDir Path disk;

  private static Path page(String tool) {
    return DocumentedCode.ROOT.resolve("docs/coming-from-" + tool + ".md");
  }

  private List<List<Row>> run(Path page) throws Exception {
    return DocumentedSql.run(page, statement -> statement.replace("/mnt/cache", disk.toString()));
  }

  @Test
  void theirLinksLeadSomewhere() throws Exception {
    for (Path page : List.of(STREAMING, WEBDATASET, FILESYSTEM)) {
      DocumentedCode.checkLinks(page);
    }
  }

  @Test
  void eachOptionOfStreamingHasALine() throws Exception {
    assertThat(DocumentedCode.table(STREAMING, "StreamingDataset").keySet())
        .containsExactlyElementsOf(STREAMING_DATASET);
    List<String> stream = new ArrayList<>(STREAMING_DATASET.subList(1, 4));
    stream.addAll(DocumentedCode.table(STREAMING, "Stream").keySet());
    assertThat(stream)
        .containsExactly("remote", "local", "split", "proportion", "repeat", "choose");
  }

  @Test
  void eachOptionOfWebDatasetHasALine() throws Exception {
    assertThat(DocumentedCode.table(WEBDATASET, "WebDataset").keySet())
        .containsExactlyElementsOf(WEBDATASET_OPTIONS);
  }

  @Test
  void theTableOfStreamingIsRead() throws Exception {
    assertThat(run(STREAMING))
        .singleElement()
        .satisfies(
            rows -> assertThat(rows).hasSize(10).allMatch(row -> row.getField(1).equals(400L)));
  }

  @Test
  void theTableOfWebDatasetIsSampled() throws Exception {
    List<Row> rows = run(WEBDATASET).get(0);
    assertThat(rows)
        .hasSizeBetween(5, 45)
        .allMatch(row -> ((Float[]) row.getField(0)).length == 28 * 28)
        .allMatch(row -> (Long) row.getField(1) < 5);
    assertThat(run(WEBDATASET).get(0)).as("the same each time").hasSameSizeAs(rows);
  }

  @Test
  void theTableOfTheFilesystemConnectorIsRead() throws Exception {
    List<Row> rows = run(FILESYSTEM).get(0);
    assertThat(rows).hasSize(13);
    assertThat(rows.stream().mapToLong(row -> (Long) row.getField(1)).sum()).isEqualTo(2000);
  }
}
