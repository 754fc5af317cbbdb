// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Keeps the gauges that are registered, by name below the group that it began with. */
final class RecordingGroup extends UnregisteredMetricsGroup {

  private final String prefix;
  private final Map<String, Metric> metrics;

  RecordingGroup() {
    this("", new TreeMap<>());
  }

  private RecordingGroup(String prefix, Map<String, Metric> metrics) {
    this.prefix = prefix;
    this.metrics = metrics;
  }

  /** What they are now. */
  Map<String, Object> values() {
    Map<String, Object> values = new TreeMap<>();
    metrics.forEach((name, metric) -> values.put(name, ((Gauge<?>) metric).getValue()));
    return values;
  }

  @Override
  public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
    assertThat(metrics.put(prefix + name, gauge)).isNull();
    return gauge;
  }

  @Override
  public MetricGroup addGroup(String name) {
    return new RecordingGroup(prefix + name + ".", metrics);
  }

  @Override
  public String getMetricIdentifier(String name, CharacterFilter filter) {
    return prefix + name;
  }
}
