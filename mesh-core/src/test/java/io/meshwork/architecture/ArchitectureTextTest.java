package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md and CONTRIBUTING.md name the modules, packages, and methods that exist. */
class ArchitectureTextTest {
  /** Such as {@code `PublishRun.commit`}. */
  private static final Pattern METHOD =
      Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)(?:\\([^`]*\\))?`");

  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** Such as {@code `consume` and `maintenance` contain interfaces of operations}. */
  private static final Pattern INTERFACES =
      Pattern.compile("((?:`\\w+`,? (?:and )?)+)contains? interfaces of operations");

  @Test
  void everyMethodOfTheTextExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (SourceText source : SourceTree.main()) {
      sources.merge(
          source.name().replace(".java", ""), String.join("\n", source.lines()), String::concat);
    }
    Set<String> missing = new TreeSet<>();
    int found = 0;
    Matcher matcher =
        METHOD.matcher(Files.readString(SourceTree.root().resolve("ARCHITECTURE.md")));
    for (MatchResult each : matcher.results().toList()) {
      found++;
      String source = sources.getOrDefault(each.group(1), "");
      if (!Pattern.compile("\\b" + each.group(2) + "\\(").matcher(source).find()) {
        missing.add(each.group());
      }
    }

    assertThat(missing).as("methods that no class has").isEmpty();
    assertThat(found).as("methods in the text").isGreaterThan(30);
  }

  @Test
  void theFirstTextsAreReadInOneSitting() throws IOException {
    for (String first : List.of("README.md", "CONTRIBUTING.md")) {
      String text = Files.readString(SourceTree.root().resolve(first));

      assertThat(text.split("\\s+")).as(first).hasSizeLessThanOrEqualTo(1_500);
    }
  }

  @Test
  void theTableOfPackagesIsThePackageOrder() throws IOException {
    List<String> packages =
        rows("ARCHITECTURE.md", "| Package | Purpose |").stream()
            .map(row -> qualified(names(row.get(0)).get(0)))
            .toList();

    assertThat(packages).isEqualTo(PackageOrder.IN_ORDER);
  }

  @Test
  void theLayersContainEachPackageInOrder() throws IOException {
    List<String> packages =
        rows("ARCHITECTURE.md", "| Layer | Packages | Imports |").stream()
            .flatMap(row -> names(row.get(1)).stream())
            .map(ArchitectureTextTest::qualified)
            .toList();

    assertThat(packages).isEqualTo(PackageOrder.IN_ORDER);
  }

  @Test
  void theLayersNameEachPackageThatHoldsInterfacesOfOperations() throws IOException {
    Set<String> holding = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      if (PackageOrder.isOperation(type) && !type.getPackageName().endsWith(".operation")) {
        holding.add(type.getPackageName());
      }
    }
    Set<String> named = new TreeSet<>();
    for (List<String> row : rows("ARCHITECTURE.md", "| Layer | Packages | Imports |")) {
      Matcher sentence = INTERFACES.matcher(row.get(2));
      while (sentence.find()) {
        names(sentence.group(1)).forEach(name -> named.add(qualified(name)));
      }
    }

    assertThat(named).isEqualTo(holding);
  }

  @Test
  void theTableOfModulesContainsEachModule() throws IOException {
    List<String> modules =
        rows("ARCHITECTURE.md", "| Module | Depends on | Role |").stream()
            .map(row -> names(row.get(0)).get(0))
            .toList();
    List<String> expected =
        SourceTree.modules().stream()
            .map(module -> SourceTree.root().relativize(module).toString())
            .toList();

    assertThat(modules).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** The cells of the rows of the one table with this header. */
  private static List<List<String>> rows(String text, String header) throws IOException {
    List<String> lines = Files.readAllLines(SourceTree.root().resolve(text));
    assertThat(lines).as(text).containsOnlyOnce(header);
    List<List<String>> rows = new ArrayList<>();
    for (int i = lines.indexOf(header) + 2; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.startsWith("|")) {
        break;
      }
      List<String> cells = List.of(line.split("\\|", -1));
      rows.add(cells.subList(1, cells.size() - 1));
    }
    return rows;
  }

  private static List<String> names(String cell) {
    return NAME.matcher(cell).results().map(name -> name.group(1)).toList();
  }

  private static String qualified(String name) {
    return name.startsWith(PackageOrder.ROOT) ? name : PackageOrder.ROOT + "." + name;
  }
}
