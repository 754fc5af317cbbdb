// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import java.util.List;

/** The epochs of a scan, a line each. */
public final class EpochTable {

  private static final List<String> HEADERS =
      List.of(
          "epoch",
          "samples",
          "samples/s",
          "hit rate",
          "bound",
          "prefetch hits",
          "waits ms",
          "origin bytes",
          "origin requests");

  private EpochTable() {}

  /** The table's lines. */
  public static List<String> lines(List<EpochFigures> epochs) {
    TextTable table = new TextTable(HEADERS);
    for (EpochFigures epoch : epochs) {
      table.add(
          List.of(
              Integer.toString(epoch.epoch()),
              Amounts.count(epoch.samples()),
              Amounts.count(Math.round(epoch.samplesPerSecond())),
              Amounts.percent(epoch.scan().hitRate()),
              Amounts.percent(epoch.bound()),
              Amounts.percent(epoch.prefetchHitRate()),
              Amounts.count(epoch.waitMillis()),
              Amounts.bytes(epoch.scan().originBytes()),
              Amounts.count(epoch.scan().originRequests())));
    }
    return table.lines();
  }
}
