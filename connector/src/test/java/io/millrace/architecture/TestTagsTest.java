// SPDX-License-Identifier: Apache-2.0
package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every test class says of which kind it is, so that {@code -Dgroups=unit} runs all unit tests. Of
 * the other modules the sources are looked at, for their classes are not here.
 */
@Tag("unit")
final class TestTagsTest {

  private static final List<Path> TESTS =
      List.of(
          Path.of("src/test/java"),
          Path.of("../examples/src/test/java"),
          Path.of("../integration-tests/src/test/java"));

  /** Annotations and comments are before it; nested classes are indented. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "(?m)^(?:public )?((?:final |abstract )*)class (\\w+)(?:[^{]* extends (\\w+))?");

  private static final Pattern KIND = Pattern.compile("(?m)^@(?:Arch)?Tag\\(\"(unit|it|fuzz)\"\\)");

  /** A class of tests, as its source tells. */
  private record TestClass(
      Path file, String name, boolean isAbstract, String superclass, List<String> kinds) {

    static Optional<TestClass> read(Path file) throws IOException {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Matcher declaration = DECLARATION.matcher(text);
      if (!declaration.find()) {
        return Optional.empty();
      }
      List<String> kinds = new ArrayList<>();
      Matcher kind = KIND.matcher(text).region(0, declaration.start());
      while (kind.find()) {
        kinds.add(kind.group(1));
      }
      String superclass = declaration.group(3) == null ? "" : declaration.group(3);
      return Optional.of(
          new TestClass(
              file,
              declaration.group(2),
              declaration.group(1).contains("abstract"),
              superclass,
              kinds));
    }

    /** Its own kinds and those that it inherits; superclasses have names of their own. */
    List<String> allKinds(List<TestClass> classes) {
      List<String> all = new ArrayList<>(kinds);
      classes.stream()
          .filter(other -> other.name.equals(superclass))
          .findFirst()
          .ifPresent(other -> all.addAll(other.allKinds(classes)));
      return all.stream().distinct().toList();
    }
  }

  private static List<TestClass> read() throws IOException {
    List<TestClass> classes = new ArrayList<>();
    for (Path root : TESTS) {
      assertThat(root).isDirectory();
      try (Stream<Path> tree = Files.walk(root)) {
        for (Path file : tree.filter(path -> path.toString().endsWith(".java")).toList()) {
          TestClass.read(file).ifPresent(classes::add);
        }
      }
    }
    return classes;
  }

  /** Those that can be run, of a name that ends so but not so, and are not of just that kind. */
  private static List<Path> wrong(String suffix, String except, String kind) throws IOException {
    List<TestClass> classes = read();
    List<TestClass> named =
        classes.stream()
            .filter(test -> test.name().endsWith(suffix) && !test.name().endsWith(except))
            .filter(test -> !test.isAbstract())
            .toList();
    assertThat(named).as(suffix).hasSizeGreaterThan(2);
    return named.stream()
        .filter(test -> !test.allKinds(classes).equals(List.of(kind)))
        .map(TestClass::file)
        .toList();
  }

  @Test
  void everyUnitTestIsTaggedAsOne() throws IOException {
    assertThat(wrong("Test", "FuzzTest", "unit"))
        .as("classes named *Test without @Tag(\"unit\"), or with another kind beside it")
        .isEmpty();
  }

  @Test
  void everyFuzzTestIsTaggedAsOne() throws IOException {
    assertThat(wrong("FuzzTest", "ITCase", "fuzz"))
        .as("classes named *FuzzTest without @Tag(\"fuzz\"), or with another kind beside it")
        .isEmpty();
  }

  @Test
  void everyIntegrationTestIsTaggedAsOne() throws IOException {
    assertThat(wrong("ITCase", "FuzzTest", "it"))
        .as("classes named *ITCase without @Tag(\"it\"), or with another kind beside it")
        .isEmpty();
  }
}
