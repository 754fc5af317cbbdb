// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
          new Pair("millrace-zstd-cached", "zstd-alone", 0.8));

  private Variants() {}

  /** All variants of a dataset. */
  static List<Variant> of(BenchmarkDataset dataset, BenchmarkCluster cluster) {
    return List.of(
        millrace("millrace-raw", new MillraceInput(dataset, dataset.raw(), false), cluster),
        millrace("millrace-raw-cached", new MillraceInput(dataset, dataset.raw(), true), cluster),
        new FlinkVariant<>(dataset, "file-source", cluster, new FileSourceInput(dataset)),
        new InMemoryVariant(dataset, "copy-alone", CopyPass::load),
        millrace("millrace-zstd", new MillraceInput(dataset, dataset.zstd(), false), cluster),
        millrace("millrace-zstd-cached", new MillraceInput(dataset, dataset.zstd(), true), cluster),
        new InMemoryVariant(dataset, "zstd-alone", DecompressionPass::load));
  }

  private static Variant millrace(String name, MillraceInput input, BenchmarkCluster cluster) {
    return new FlinkVariant<>(input.dataset(), name, cluster, input);
  }

  /** Compares the results of all variants of each dataset. */
  static List<Ratio> ratios(List<VariantResult> results) {
    Map<String, VariantResult> byId =
        results.stream().collect(Collectors.toMap(VariantResult::id, Function.identity()));
    List<Ratio> ratios = new ArrayList<>();
    for (DatasetShape shape : DatasetShape.values()) {
      for (Pair pair : PAIRS) {
        VariantResult variant = byId.get(shape.label() + "." + pair.variant());
        VariantResult base = byId.get(shape.label() + "." + pair.base());
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

  /** Two names of variants of one dataset, and what the first should reach of the second. */
  private record Pair(String variant, String base, double aim) {}
}
