// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures all variants in turn, round after round, so that whatever changes with time meets all of
 * them. Every other round goes backwards, so that none always follows the same one.
 */
final class Rounds {

  private final List<? extends Variant> variants;
  private final BenchmarkSettings settings;
  private final PrintStream out;

  Rounds(List<? extends Variant> variants, BenchmarkSettings settings, PrintStream out) {
    this.variants = variants;
    this.settings = settings;
    this.out = out;
  }

  /** Returns the result of each variant, in their order, without the rounds to warm up. */
  List<VariantResult> run() throws Exception {
    Map<Variant, List<Measurement>> runs = new LinkedHashMap<>();
    variants.forEach(variant -> runs.put(variant, new ArrayList<>()));
    for (int round = 0; round < settings.warmups(); round++) {
      run("warm-up", round, settings.warmups());
    }
    for (int round = 0; round < settings.rounds(); round++) {
      run("round", round, settings.rounds()).forEach((variant, run) -> runs.get(variant).add(run));
    }
    return variants.stream().map(variant -> VariantResult.of(variant, runs.get(variant))).toList();
  }

  private Map<Variant, Measurement> run(String kind, int round, int rounds) throws Exception {
    List<Variant> order = new ArrayList<>(variants);
    if (round % 2 == 1) {
      Collections.reverse(order);
    }
    Map<Variant, Measurement> measured = new LinkedHashMap<>();
    for (Variant variant : order) {
      // So that none pays for the garbage of the one before it.
      System.gc();
      Measurement run = variant.measure(settings.epochs());
      measured.put(variant, run);
      VariantResult shown = VariantResult.of(variant, List.of(run));
      out.printf(
          Locale.ROOT,
          "%-7s %d/%d  %-26s %,9.0f MB/s %,12.0f samples/s  %6.2f s%n",
          kind,
          round + 1,
          rounds,
          variant.id(),
          shown.megabytesPerSecond().median(),
          shown.samplesPerSecond().median(),
          run.wallNanos() / 1e9);
    }
    return measured;
  }
}
