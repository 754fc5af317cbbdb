// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is measured, and what is compared with what. */
final class Variants {

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("millrace-raw", "file-source", 1),
          new Pair("millrace-raw-cached", "file-source", 1),
          new Pair("millrace-raw-cached", "copy-alone", 0.8),
          new Pair("millrace-zstd", "zstd-alone", 0.8),
          new Pair("millrace-zstd-cached", "zstd-alone", 0.8),
          new Pair("millrace-torch", "plain-read", 0.7),
          new Pair("millrace-torch-cached", "plain-read", 0.7),
          new Pair("sql-label", "sql-all", 1),
          new Pair("sql-label-cached", "sql-all-cached", 1));

  private Variants() {}

  /** All variants of an MDS dataset. */
  static List<Variant> of(BenchmarkDataset dataset, BenchmarkCluster cluster) throws IOException {
    return List.of(
        millrace("millrace-raw", MillraceInput.ofMds(dataset, dataset.raw(), false), cluster),
        millrace("millrace-raw-cached", MillraceInput.ofMds(dataset, dataset.raw(), true), cluster),
        new FlinkVariant<>(dataset, "file-source", cluster, new FileSourceInput(dataset)),
        new PassVariant(dataset, "copy-alone", () -> CopyPass.load(dataset)),
        millrace("millrace-zstd", MillraceInput.ofMds(dataset, dataset.zstd(), false), cluster),
        millrace(
            "millrace-zstd-cached", MillraceInput.ofMds(dataset, dataset.zstd(), true), cluster),
        new PassVariant(dataset, "zstd-alone", () -> DecompressionPass.load(dataset)));
  }

  /** All variants of a directory of torch files. */
  static List<Variant> of(TorchFiles files, BenchmarkCluster cluster) throws IOException {
    return List.of(
        millrace("millrace-torch", MillraceInput.ofTorch(files, false), cluster),
        millrace("millrace-torch-cached", MillraceInput.ofTorch(files, true), cluster),
        new PassVariant(files, "plain-read", () -> new FileReadPass(files.files())));
  }

  /** All queries over a table. */
  static List<Variant> of(SqlDataset dataset, BenchmarkCluster cluster) {
    return List.of(
        new SqlVariant(dataset, SqlVariant.Columns.ALL, false, cluster),
        new SqlVariant(dataset, SqlVariant.Columns.LABEL, false, cluster),
        new SqlVariant(dataset, SqlVariant.Columns.ALL, true, cluster),
        new SqlVariant(dataset, SqlVariant.Columns.LABEL, true, cluster));
  }

  private static Variant millrace(String name, MillraceInput input, BenchmarkCluster cluster) {
    return new FlinkVariant<>(input.workload(), name, cluster, input);
  }

  /** Compares the results of all variants of each workload. */
  static List<Ratio> ratios(List<VariantResult> results) {
    Map<String, VariantResult> byId =
        results.stream().collect(Collectors.toMap(VariantResult::id, Function.identity()));
    List<Ratio> ratios = new ArrayList<>();
    for (String label : labels(results)) {
      for (Pair pair : PAIRS) {
        VariantResult variant = byId.get(label + "." + pair.variant());
        VariantResult base = byId.get(label + "." + pair.base());
        if (variant != null && base != null) {
          ratios.add(
              new Ratio(
                  variant.id() + " / " + pair.base(),
                  variant.megabytesPerSecond().pairedRatio(base.megabytesPerSecond()),
                  pair.aim()));
        }
      }
    }
    return ratios;
  }

  /** The workloads of the results, in their order. */
  private static Set<String> labels(List<VariantResult> results) {
    return results.stream()
        .map(result -> result.id().substring(0, result.id().indexOf('.')))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Two names of variants of one workload, and what the first should reach of the second. */
  private record Pair(String variant, String base, double aim) {}
}
