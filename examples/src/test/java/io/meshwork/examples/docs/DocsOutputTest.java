package io.meshwork.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each program that the documentation quotes. A block below {@code <!-- output: PATH -->} is
 * the output of the program at that path.
 */
class DocsOutputTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
  private static final String SOURCES = "examples/src/main/java/";
  private static final Pattern OUTPUT = Pattern.compile("<!-- output: (\\S+) -->");

  @TempDir private Path folder;

  /** A block of a page that quotes the output of a program. */
  record Quote(Path text, int line, String program, List<String> lines) {
    @Override
    public String toString() {
      return ROOT.relativize(text) + ":" + line;
    }
  }

  static List<String> programs() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(SOURCES + "io/meshwork/examples/docs"))) {
      List<String> programs = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        if (Files.readString(file).contains("public static void main(")) {
          programs.add(ROOT.relativize(file).toString());
        }
      }
      return programs;
    }
  }

  static List<Quote> quotes() throws IOException {
    List<Path> texts = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(texts::add);
    }
    List<Quote> quotes = new ArrayList<>();
    for (Path text : texts) {
      List<String> lines = Files.readAllLines(text);
      for (int i = 0; i < lines.size(); i++) {
        Matcher marker = OUTPUT.matcher(lines.get(i).strip());
        if (marker.matches()) {
          quotes.add(new Quote(text, i + 1, marker.group(1), block(text, lines, i + 1)));
        }
      }
    }
    return quotes;
  }

  private static List<String> block(Path text, List<String> lines, int fence) {
    assertThat(fence < lines.size() ? lines.get(fence) : "")
        .as("%s:%s: a fenced block right below", text, fence)
        .startsWith("```");
    int end = fence + 1;
    while (end < lines.size() && !lines.get(end).startsWith("```")) {
      end++;
    }
    return lines.subList(fence + 1, end);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyDocumentedProgramRuns(String program) throws Exception {
    assertThat(run(program)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void aQuotedOutputEqualsThatOfTheProgram(Quote quote) throws Exception {
    assertThat(quote.lines()).isEqualTo(run(quote.program()));
  }

  @Test
  void theReadmeQuotesItsErrorAndItsRows() throws IOException {
    assertThat(quotes())
        .filteredOn(quote -> quote.text().endsWith("README.md"))
        .extracting(Quote::program)
        .containsExactly(
            SOURCES + "io/meshwork/examples/docs/FirstPublish.java",
            SOURCES + "io/meshwork/examples/docs/OneBadRow.java");
  }

  private List<String> run(String program) throws Exception {
    String name = program.substring(SOURCES.length(), program.length() - ".java".length());
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Class.forName(name.replace('/', '.'))
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {folder.resolve("mesh").toString()});
    } finally {
      System.setOut(standard);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
