package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The figures that keep the modules small and their packages apart. */
class CodeMetricsTest {
  private static final Map<String, Integer> MOST_PUBLIC_TYPES =
      Map.ofEntries(
          Map.entry("mesh-core", 100),
          // The catalog, a publish by an engine's tasks, and a veto.
          Map.entry("mesh-iceberg", 3),
          // The catalog that Spark creates, and a publish by programs.
          Map.entry("mesh-spark", 2),
          // A proposal; a document, its report, and an export; and a ruleset of DQDL.
          Map.entry("mesh-odcs", 6),
          Map.entry("mesh-parquet-hadoop", 1),
          // The older command and exit codes; the port of doors, and two doors that a loader
          // creates.
          Map.entry("mesh-cli", 5),
          // The site's writer and its server.
          Map.entry("mesh-portal", 2),
          // One for each format: OpenLineage, Prometheus, ODPS, Backstage.
          Map.entry("mesh-interchange", 4),
          Map.entry("mesh-testkit", 15),
          // The emulator of AWS.
          Map.entry("mesh-aws-testkit", 1),
          Map.entry("mesh-conformance", 7),
          // The mesh, its configuration, accounts, organization, policies, and kinds of roles; and
          // what engines
          // create.
          Map.entry("mesh-aws", 7),
          // What sets up accounts, and the function of AWS Lambda.
          Map.entry("mesh-aws-operations", 2));

  /** Modules of programs, which no user imports from. */
  private static final Set<String> PROGRAMS =
      Set.of(
          "examples",
          "aws-examples",
          "spark-examples",
          "conformance-runner",
          "benchmarks",
          "walks");

  private static final int MOST_PUBLIC_TYPES_A_PACKAGE = 20;

  private static final int MOST_FILES_A_PACKAGE = 60;

  private static final Pattern SQL = Pattern.compile("java\\.sql\\.(\\w+|\\*)");

  /** Packages that store a mesh in a database, read rows of one, compare with it, or damage it. */
  private static final Set<String> SQL_BACKENDS =
      Set.of(
          "io.meshwork.local",
          "io.meshwork.internal.rows",
          "io.meshwork.examples.docs",
          "io.meshwork.examples.shop",
          "io.meshwork.benchmarks");

  /** In two parts, so that this file is not one that names a mocking library. */
  private static final List<String> MOCKING_LIBRARIES =
      List.of("mock" + "ito", "easy" + "mock", "jmock" + "it", "power" + "mock");

  @Test
  void noPackageReachesItselfThroughImports() {
    Map<String, Set<String>> imports = new TreeMap<>();
    for (SourceText source : SourceTree.main()) {
      imports
          .computeIfAbsent(source.packageName(), name -> new TreeSet<>())
          .addAll(source.importedPackages());
    }

    Set<String> inCycles = new TreeSet<>();
    for (String packageName : imports.keySet()) {
      if (reachable(packageName, imports).contains(packageName)) {
        inCycles.add(packageName);
      }
    }

    assertThat(imports).isNotEmpty();
    assertThat(inCycles).as("packages that reach themselves").isEmpty();
  }

  @Test
  void sourcesImportTheTypesThatTheyName() {
    List<String> faults =
        SourceTree.modules().stream()
            .filter(module -> !module.endsWith("mesh-conformance"))
            .flatMap(module -> SourceTree.main(module).stream())
            .flatMap(source -> source.qualifiedNames().stream())
            .toList();

    assertThat(faults).as("types named with their package, which imports do not show").isEmpty();
  }

  @Test
  void noModuleShowsTooManyTypes() {
    for (Path module : SourceTree.modules()) {
      if (PROGRAMS.contains(module.getFileName().toString())) {
        continue;
      }
      List<String> types =
          SourceTree.main(module).stream()
              .filter(source -> !source.isInternal())
              .flatMap(source -> source.publicTopLevelTypes().stream())
              .toList();
      int most = MOST_PUBLIC_TYPES.getOrDefault(module.getFileName().toString(), 0);

      assertThat(types)
          .as("public top-level types of %s outside internal packages", module.getFileName())
          .hasSizeLessThanOrEqualTo(most);
    }
  }

  @Test
  void noPackageShowsTooManyTypes() {
    Map<String, List<String>> byPackage = new TreeMap<>();
    for (SourceText source : sourcesThatUsersImport()) {
      if (!source.isInternal()) {
        byPackage
            .computeIfAbsent(source.packageName(), name -> new ArrayList<>())
            .addAll(source.publicTopLevelTypes());
      }
    }

    assertThat(byPackage).isNotEmpty();
    byPackage.forEach(
        (name, types) ->
            assertThat(types)
                .as("public top-level types of %s", name)
                .hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES_A_PACKAGE));
  }

  @Test
  void noPackageIsAHeap() {
    Map<String, Integer> files = new TreeMap<>();
    for (Path module : SourceTree.modules()) {
      List<SourceText> sources = new ArrayList<>(SourceTree.main(module));
      sources.addAll(SourceTree.tests(module));
      for (SourceText source : sources) {
        Path folder = SourceTree.root().relativize(source.path().getParent());
        files.merge(folder.toString(), 1, Integer::sum);
      }
    }

    assertThat(files).isNotEmpty();
    files.forEach(
        (folder, count) ->
            assertThat(count)
                .as("source files of the package in %s", folder)
                .isLessThanOrEqualTo(MOST_FILES_A_PACKAGE));
  }

  @Test
  void aNestedTypeDoesNotHaveTheNameOfAnotherTypeOfItsModule() {
    Set<String> faults = new TreeSet<>();
    for (Path module : SourceTree.modules()) {
      if (PROGRAMS.contains(module.getFileName().toString())) {
        continue;
      }
      List<SourceText> sources = SourceTree.main(module);
      Set<String> topLevel =
          sources.stream().map(CodeMetricsTest::topLevelType).collect(Collectors.toSet());
      for (SourceText source : sources) {
        String outer = topLevelType(source);
        source.declaredTypes().stream()
            .filter(type -> topLevel.contains(type) && !type.equals(outer))
            .forEach(type -> faults.add(outer + "." + type));
      }
    }

    // Public, and read by callers as ProductCard.Column.
    assertThat(faults).containsExactly("ProductCard.Column");
  }

  private static String topLevelType(SourceText source) {
    return source.name().replace(".java", "");
  }

  private static List<SourceText> sourcesThatUsersImport() {
    return SourceTree.modules().stream()
        .filter(module -> !PROGRAMS.contains(module.getFileName().toString()))
        .flatMap(module -> SourceTree.main(module).stream())
        .toList();
  }

  @Test
  void everyPackageSaysWhatItIs() {
    Set<String> silent = new TreeSet<>();
    for (Path module : SourceTree.modules()) {
      Set<String> speaking = new TreeSet<>();
      for (SourceText source : SourceTree.main(module)) {
        if (source.isPackageInfo() && source.names("/**") && source.names("@NullMarked")) {
          speaking.add(source.packageName());
        } else {
          silent.add(source.packageName());
        }
      }
      silent.removeAll(speaking);
    }

    assertThat(silent).as("packages without a package-info of Javadoc and @NullMarked").isEmpty();
  }

  @Test
  void everyPublicTypeHasJavadoc() {
    List<String> silent =
        SourceTree.main().stream()
            .flatMap(source -> source.publicTypesWithoutJavadoc().stream())
            .toList();

    assertThat(silent).as("public types without Javadoc").isEmpty();
  }

  @Test
  void filesAreShort() {
    List<SourceText> files =
        SourceTree.main().stream().filter(source -> !source.isPackageInfo()).toList();
    List<Integer> lengths = files.stream().map(source -> source.lines().size()).sorted().toList();
    List<Path> tooLong =
        files.stream()
            .filter(source -> source.lines().size() > 1_000)
            .map(SourceText::path)
            .toList();

    assertThat(tooLong).as("files of more than 1,000 lines").isEmpty();
    assertThat(quantile(lengths, 0.5)).as("median of lines a file").isLessThanOrEqualTo(120);
    assertThat(quantile(lengths, 0.9)).as("90th percentile of lines").isLessThanOrEqualTo(400);
  }

  @Test
  void onlyBackendsNameSqlClasses() {
    Set<String> faults = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      if (!SQL_BACKENDS.contains(source.packageName())) {
        for (String line : source.lines()) {
          Matcher sql = SQL.matcher(line);
          while (sql.find()) {
            if (!sql.group(1).equals("ResultSet")) {
              faults.add(source.path() + ": " + sql.group());
            }
          }
        }
      }
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void examplesAndCommandsUseThePublicApiOnly() {
    Set<String> faults = new TreeSet<>();
    List<SourceText> sources = new ArrayList<>(SourceTree.main(SourceTree.sibling("examples")));
    sources.addAll(SourceTree.main(SourceTree.sibling("aws-examples")));
    sources.addAll(SourceTree.main(SourceTree.sibling("extensions/mesh-cli")));
    assertThat(sources).hasSizeGreaterThan(20);
    for (SourceText source : sources) {
      source.importedPackages().stream()
          .filter(name -> name.startsWith(PackageOrder.ROOT + ".internal"))
          .filter(name -> !isOfFiles(source, name))
          .forEach(name -> faults.add(source.path() + " imports " + name));
    }

    assertThat(faults).isEmpty();
  }

  /**
   * One class of the command reads texts as mesh-odcs does, and tells the core what it copied; one
   * parses the value of an option as the core does the cell of a file.
   */
  private static boolean isOfFiles(SourceText source, String imported) {
    String path = source.path().toString();
    return path.endsWith("/cli/internal/file/InputFile.java")
            && imported.equals(PackageOrder.ROOT + ".internal.disk")
        || path.endsWith("/cli/internal/file/ColumnText.java")
            && imported.equals(PackageOrder.ROOT + ".internal.rows");
  }

  @Test
  void hardlyAnyTestMocks() {
    List<SourceText> tests =
        SourceTree.modules().stream().flatMap(module -> SourceTree.tests(module).stream()).toList();
    long mocking =
        tests.stream().filter(test -> MOCKING_LIBRARIES.stream().anyMatch(test::names)).count();

    assertThat(tests).isNotEmpty();
    assertThat(mocking * 100)
        .as("tests that mock, of %s", tests.size())
        .isLessThanOrEqualTo(tests.size() * 5L);
  }

  private static Set<String> reachable(String from, Map<String, Set<String>> imports) {
    Set<String> reached = new TreeSet<>();
    List<String> ahead = new ArrayList<>(imports.get(from));
    while (!ahead.isEmpty()) {
      String next = ahead.remove(ahead.size() - 1);
      if (reached.add(next)) {
        ahead.addAll(imports.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }

  /** The smallest value that at least this share of the sorted values does not exceed. */
  private static int quantile(List<Integer> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
