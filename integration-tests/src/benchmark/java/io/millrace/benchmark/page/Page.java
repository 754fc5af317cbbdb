// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page that needs no other file and no network.
 *
 * @param title of the window and the page
 * @param lead the first paragraph
 * @param sections in order
 */
public record Page(String title, String lead, List<Section> sections) {

  public Page {
    sections = List.copyOf(sections);
  }

  /** Writes it to a file, which is replaced. */
  public void write(Path file) throws IOException {
    Files.writeString(file, html());
  }

  /** The page as text. */
  public String html() {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    <main>
    <header><h1>%s</h1>
    <p>%s</p></header>
    %s</main>
    <div id="tip" role="status" hidden></div>
    <script>
    %s</script>
    </body>
    </html>
    """
        .formatted(
            Html.escape(title),
            PageStyle.CSS,
            Html.escape(title),
            Html.escape(lead),
            sections.stream().map(Section::html).collect(Collectors.joining()),
            PageStyle.SCRIPT);
  }
}
