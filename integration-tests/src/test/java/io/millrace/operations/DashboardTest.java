// SPDX-License-Identifier: Apache-2.0
package io.millrace.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts name the metrics that there are. */
@Tag("unit")
class DashboardTest {

  @Test
  void theDashboardHasEveryMetricAndNoOther() throws Exception {
    Set<String> expected = new TreeSet<>(DocumentedMetrics.inTheCode());

    assertThat(DocumentedMetrics.namedIn(DocumentedMetrics.DASHBOARD)).isEqualTo(expected);
  }

  @Test
  void theAlertsAreOnMetricsThatThereAre() throws Exception {
    Set<String> known = new TreeSet<>(DocumentedMetrics.inTheCode());

    assertThat(DocumentedMetrics.namedIn(DocumentedMetrics.ALERTS)).isNotEmpty().isSubsetOf(known);
  }

  /** Panels have ids of their own, a place that no other has, and queries. */
  @Test
  void theDashboardCanBeImported() throws Exception {
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readAllBytes(DocumentedMetrics.DASHBOARD));
    Set<Integer> ids = new HashSet<>();
    Set<String> places = new HashSet<>();
    List<String> withoutQueries = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      JsonNode grid = panel.path("gridPos");
      assertThat(ids.add(panel.path("id").asInt())).as("id of %s", panel.path("title")).isTrue();
      assertThat(places.add(grid.path("x").asInt() + "," + grid.path("y").asInt())).isTrue();
      assertThat(grid.path("x").asInt() + grid.path("w").asInt()).isLessThanOrEqualTo(24);
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.path("expr").asText()).contains("{job_name=~\"$job\"}");
        checkBrackets(target.path("expr").asText());
      }
      if (panel.path("targets").isEmpty() && !panel.path("type").asText().equals("row")) {
        withoutQueries.add(panel.path("title").asText());
      }
    }
    assertThat(ids).hasSizeGreaterThan(10);
    assertThat(withoutQueries).isEmpty();
  }

  @Test
  void eachAlertSaysWhenHowLongHowBadAndWhatToDo() throws Exception {
    String file = Files.readString(DocumentedMetrics.ALERTS, UTF_8);
    String[] alerts = file.split("- alert: ", -1);
    Set<String> names = new HashSet<>();
    for (int i = 1; i < alerts.length; i++) {
      assertThat(names.add(alerts[i].lines().findFirst().orElseThrow())).isTrue();
      assertThat(alerts[i])
          .containsPattern("expr: \\|-\n +\\S")
          .containsPattern("for: \\d+m\n")
          .containsPattern("severity: (warning|critical)\n")
          .containsPattern("summary: \".+\"\n")
          .containsPattern("description: \".+\"");
      checkBrackets(alerts[i].replaceAll("(?s).*expr: \\|-(.*?)for:.*", "$1"));
    }
    assertThat(names).hasSizeGreaterThan(5);
  }

  private static void checkBrackets(String expression) {
    for (String pair : List.of("()", "[]", "{}")) {
      assertThat(expression.chars().filter(c -> c == pair.charAt(0)).count())
          .as(expression)
          .isEqualTo(expression.chars().filter(c -> c == pair.charAt(1)).count());
    }
  }

  @Test
  void thePageForOperatorsNamesOnlyWhatThereIs() throws Exception {
    Path page = DocumentedMetrics.DOCS.resolve("operations.md");
    Set<String> known = new TreeSet<>(DocumentedMetrics.inTheCode());
    Set<String> named = new TreeSet<>();
    Pattern.compile(
            "`((?:cache|prefetch|late|origin|hedged|reader|hitRate|bytes)[A-Z]\\w+|hitRate)`")
        .matcher(Files.readString(page, UTF_8))
        .results()
        .forEach(found -> named.add(found.group(1)));

    assertThat(named).isNotEmpty().isSubsetOf(known);
    assertThat(DocumentedMetrics.namedIn(page)).isSubsetOf(known);
    Pattern.compile("\\]\\((?!https?:)([^)#]+)")
        .matcher(Files.readString(page, UTF_8))
        .results()
        .forEach(link -> assertThat(DocumentedMetrics.DOCS.resolve(link.group(1))).exists());
  }
}
