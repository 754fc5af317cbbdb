// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

@Tag("unit")
final class PageTest {

  private static final Axis PERCENT =
      Axis.linear("hit rate, %", value -> String.valueOf((int) value), 0, 50, 100);

  private static final Series PLAN =
      Series.measured(
          "plan",
          Colour.BLUE,
          List.of(new Point(0, 0, "plan: 0 %"), new Point(50, 75, "plan: 75 % & more")));

  private static final Series BOUND =
      Series.reference(
          "bound", List.of(new Point(0, 0, "bound: 0 %"), new Point(100, 100, "bound: 100 %")));

  private final LineChart chart =
      new LineChart("1 < 2 readers", PERCENT, PERCENT, List.of(BOUND, PLAN));

  @Test
  void drawsEachValueWhereTheAxesSay() throws Exception {
    Element svg = svg(chart.svg(340));

    List<Element> spots = withClass(svg, "path", "spot");
    assertThat(spots).hasSize(4);
    Element last = spots.get(1);
    assertThat(last.getTextContent()).isEqualTo("plan: 75 % & more");
    // 34.1 pixels, for three digits, are left of the axes and 14 right; 30 above and 44 beneath.
    assertThat(last.getAttribute("data-x")).isEqualTo("180");
    assertThat(last.getAttribute("data-y")).isEqualTo("69");
    assertThat(svg.getAttribute("aria-label")).isEqualTo("1 < 2 readers");
  }

  @Test
  void setsNamesBesideTheLinesWhereThereIsRoomAndAboveElsewhere() throws Exception {
    assertThat(withClass(svg(chart.svg(560)), "text", "name"))
        .extracting(Element::getTextContent)
        .containsExactly("bound", "plan");
    assertThat(withClass(svg(chart.svg(340)), "text", "name")).isEmpty();
    assertThat(chart.legend()).contains(">bound</span>", ">plan</span>");
  }

  @Test
  void keepsNamesOfLinesThatEndTogetherApart() throws Exception {
    List<Series> lines = new ArrayList<>();
    for (Colour colour : List.of(Colour.BLUE, Colour.ORANGE, Colour.PURPLE)) {
      lines.add(
          Series.measured(
              colour.name(), colour, List.of(new Point(0, 0, ""), new Point(100, 1, ""))));
    }
    Element svg = svg(new LineChart("flat", PERCENT, PERCENT, lines).svg(560));

    List<Double> heights =
        withClass(svg, "text", "name").stream()
            .map(name -> Double.parseDouble(name.getAttribute("y")))
            .toList();
    assertThat(heights).hasSize(3).isSorted();
    assertThat(heights.get(1) - heights.get(0)).isGreaterThanOrEqualTo(15);
    assertThat(heights.get(2) - heights.get(1)).isGreaterThanOrEqualTo(15);
    assertThat(heights.get(2)).as("not beneath the axis").isLessThan(314 - 44 + 5);
  }

  @Test
  void stacksAreas() throws Exception {
    Series lower = Series.measured("lower", Colour.BLUE, List.of(new Point(0, 25, "lower: 25")));
    Series upper = Series.measured("upper", Colour.GREY, List.of(new Point(0, 50, "upper: 50")));
    AreaChart areas =
        new AreaChart("parts", PERCENT, PERCENT, List.of(lower, upper), List.of(BOUND));

    List<Element> spots = withClass(svg(areas.svg(340)), "path", "spot");

    assertThat(spots).hasSize(1);
    assertThat(spots.get(0).getTextContent()).isEqualTo("lower: 25\nupper: 50\nbound: 0 %");
    assertThat(spots.get(0).getAttribute("data-y")).isEqualTo("69");
  }

  @Test
  void roundsTheEndOfAnAxisUp() {
    assertThat(Axis.upTo("MB", 430, String::valueOf).ticks())
        .extracting(Axis.Tick::value)
        .containsExactly(0.0, 100.0, 200.0, 300.0, 400.0, 500.0);
    assertThat(Axis.powersOfTen("µs", 9, 2_000, String::valueOf).ticks())
        .extracting(Axis.Tick::value)
        .containsExactly(1.0, 10.0, 100.0, 1_000.0, 10_000.0);
  }

  @Test
  void needsNothingElseAndEscapesText() {
    Table table =
        new Table("values", List.of("job", "hits"), List.of(List.of("a < b", Table.MISSED)));
    String page =
        new Page(
                "A & B",
                "lead",
                List.of(new Section("Charts", "what", List.of(chart), List.of(table))))
            .html();

    assertThat(page)
        .contains("<title>A &amp; B</title>", "<figcaption>1 &lt; 2 readers</figcaption>")
        .contains("<th scope=\"row\">a &lt; b</th><td class=\"missed\">✗ missed</td>")
        .doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void refusesATableWhoseRowsDoNotFit() {
    assertThatThrownBy(() -> new Table("t", List.of("a", "b"), List.of(List.of("1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write the row [1] under 2 headers");
  }

  private static Element svg(String text) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text)));
    return document.getDocumentElement();
  }

  private static List<Element> withClass(Element parent, String tag, String cssClass) {
    NodeList nodes = parent.getElementsByTagName(tag);
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Element element = (Element) nodes.item(i);
      if (List.of(element.getAttribute("class").split(" ", -1)).contains(cssClass)) {
        found.add(element);
      }
    }
    return found;
  }
}
