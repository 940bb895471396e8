package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts say of themselves, and what the check of the texts finds. */
class ScriptsTest {
  private static final Path ROOT = SourceTree.root();

  /** The programs of scripts/java, which {@code scripts/java-source} would compile each time. */
  @TempDir private static Path programs;

  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  Path texts;

  @BeforeAll
  static void compilePrograms() {
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", programs.toString()));
    for (String program : List.of("ApiDump", "CheckDocs", "Structure")) {
      arguments.add(ROOT.resolve("scripts/java/" + program + ".java").toString());
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
  }

  private record Ran(int code, String out, String err) {}

  private Ran run(Path folder, String... command) throws IOException, InterruptedException {
    Path out = texts.resolve("out.txt");
    Path err = texts.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = process.waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  @Test
  void everyScriptSaysHowItIsUsed() throws Exception {
    List<Path> scripts = new ArrayList<>();
    try (Stream<Path> files = Files.list(ROOT.resolve("scripts"))) {
      files
          .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
          .filter(file -> !file.endsWith("maven")) // which hands all of it to Maven
          .forEach(scripts::add);
    }
    assertThat(scripts).hasSizeGreaterThan(8);
    for (Path script : scripts) {
      for (String option : List.of("--help", "-h")) {
        Ran ran = run(texts, script.toString(), option);
        assertThat(ran.code()).as("%s %s", script, option).isZero();
        assertThat(ran.out()).startsWith("Usage: scripts/" + script.getFileName());
        assertThat(ran.out().lines().count()).isGreaterThan(2);
        assertThat(ran.out()).doesNotContain("set -e");
        assertThat(ran.err()).isEmpty();
      }
    }
  }

  /** Bash before 4.4, such as that of macOS, takes an empty list for an unset variable. */
  @Test
  void aListThatMayBeEmptyIsNoUnsetVariable() throws Exception {
    Pattern empty = Pattern.compile("\\b([a-z_]+)=\\(\\)");
    try (Stream<Path> files = Files.list(ROOT.resolve("scripts"))) {
      for (Path script : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(script);
        Matcher list = empty.matcher(text);
        while (list.find()) {
          String values = "\"${" + list.group(1) + "[@]}\"";
          assertThat(text.replace("${" + list.group(1) + "[@]+" + values + "}", ""))
              .as(script.toString())
              .doesNotContain(values);
        }
        assertThat(text).as(script.toString()).doesNotContain("df --output", "xargs -r", "sed -i");
      }
    }
  }

  @Test
  void theLongTestsOfWhichABuildDrawsAFewExist() throws Exception {
    List<String> lines = Files.readAllLines(ROOT.resolve("scripts/drawn-tests.txt"));
    List<String> drawn = lines.stream().map(line -> line.split(" ")[0]).toList();
    List<String> tests = new ArrayList<>();
    for (Path module : SourceTree.modules()) {
      Path folder = module.resolve("src/test/java");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.map(Path::toString).forEach(tests::add);
        }
      }
    }

    for (String test : drawn) {
      assertThat(tests).filteredOn(file -> file.endsWith("/" + test + ".java")).hasSize(1);
    }
    assertThat(drawn).hasSizeGreaterThan(40).doesNotHaveDuplicates();
    assertThat(lines).allMatch(line -> line.matches("[A-Za-z0-9/]+( [2-9])?"));
  }

  @Test
  void theApiIsWhatTheTextsInDocsSay() throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/api-dump").toString(), "--check");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
  }

  @Test
  void theApiOfEachModuleThatUsersInstallIsShown() throws Exception {
    Matcher module =
        Pattern.compile("<artifactId>(mesh-(?!bom)[a-z-]+)</artifactId>")
            .matcher(Files.readString(ROOT.resolve("mesh-bom/pom.xml")));
    List<String> shown = new ArrayList<>();
    while (module.find()) {
      if (hasSources(module.group(1))) {
        shown.add(module.group(1) + ".txt");
      }
    }

    try (Stream<Path> files = Files.list(ROOT.resolve("docs/api"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(shown);
    }
    assertThat(shown).contains("mesh-core.txt", "mesh-odcs.txt", "mesh-conformance.txt");
  }

  private static boolean hasSources(String module) {
    return Stream.of("", "extensions", "verification")
        .anyMatch(
            folder -> Files.isDirectory(ROOT.resolve(folder).resolve(module + "/src/main/java")));
  }

  @Test
  void eachChangeOfTheApiIsALine() throws Exception {
    String source = "mesh-core/src/main/java/io/meshwork/Shop.java";
    write(
        source,
        """
        package io.meshwork;
        public interface Shop<T> {
          T sell(String... names);
          default int size() { return 0; }
          record Order(int id, String text) { public Order { } String hidden() { return ""; } }
        }
        class Hidden { public int nothing; }
        """);
    assertThat(dump().code()).isZero();

    assertThat(Files.readString(texts.resolve("docs/api/mesh-core.txt")))
        .isEqualTo(
            """
            io.meshwork.Shop.Order: public Order(int id, String text)
            io.meshwork.Shop.Order: public String text()
            io.meshwork.Shop.Order: public int id()
            io.meshwork.Shop.Order: public record Order
            io.meshwork.Shop: public T sell(String... names)
            io.meshwork.Shop: public default int size()
            io.meshwork.Shop: public interface Shop<T>
            """);

    write(source, "package io.meshwork;\npublic interface Shop<T> { T sell(int count); }\n");
    Ran ran = dump("--check");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .contains(
            "mesh-core.txt: - io.meshwork.Shop: public T sell(String... names)",
            "mesh-core.txt: + io.meshwork.Shop: public T sell(int count)",
            "Run scripts/api-dump");
  }

  private Ran dump(String... arguments) throws IOException, InterruptedException {
    return program("ApiDump", arguments);
  }

  /** Runs a program of scripts/java in the folder of the texts. */
  private Ran program(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", programs.toString(), name));
    command.addAll(List.of(arguments));
    return run(texts, command.toArray(String[]::new));
  }

  @Test
  void theExamplesAreListedAndAnotherNameIsRejected() throws Exception {
    String example = ROOT.resolve("scripts/example").toString();

    Ran list = run(texts, example);

    assertThat(list.err()).isEmpty();
    assertThat(list.code()).isZero();
    assertThat(list.out().lines())
        .containsExactlyInAnyOrder(
            "first-day",
            "late",
            "onboard",
            "rollout",
            "shop",
            "terminal",
            "webhook",
            "aws-accounts",
            "aws-events",
            "aws-mesh",
            "aws-onboarding",
            "aws-operations",
            "spark-aws",
            "spark-law",
            "spark-publish");
    for (String name : List.of("nope", "Rollout", "first-day.*", "aws-mesh-story")) {
      Ran ran = run(texts, example, name);
      assertThat(ran.code()).as(name).isEqualTo(2);
      assertThat(ran.out()).as(name).isEmpty();
      assertThat(ran.err()).contains("no example '" + name + "'", "scripts/example lists them");
    }
  }

  @Test
  void theStructureOfThisRepositoryHasNoCyclesNoForeignTypesAndFewTypesAndLayers()
      throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/structure").toString());

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(figure(ran.out(), "packageCycles")).isZero();
    assertThat(figure(ran.out(), "foreignTypesInApi")).isZero();
    assertThat(figure(ran.out(), "oneWordTypeShare")).isBetween(0.001, 0.06);
    assertThat(numbers(ran.out(), "publicTypes\":\\{.*?\"mesh-core"))
        .singleElement(INTEGER)
        .isBetween(1, 100);
    assertThat(numbers(ran.out(), "publicTypesNested\":\\{.*?\"mesh-core"))
        .singleElement(INTEGER)
        .isBetween(1, 250);
    assertThat(numbers(ran.out(), "largestPackage")).singleElement(INTEGER).isBetween(1, 60);
    assertThat(numbers(ran.out(), "deepestPackage"))
        .as("layers of source files of a package, in %s", ran.out())
        .singleElement(INTEGER)
        .isBetween(1, 12);
    assertThat(figure(ran.out(), "duplicateTypeNames")).isZero();
    assertThat(figure(ran.out(), "docsWords")).isBetween(1.0, 120_000.0);
    assertThat(figure(ran.out(), "longestGuide")).isBetween(1.0, 4_000.0);
  }

  /** The first figure of a name in the JSON of the structure. */
  private static double figure(String json, String name) {
    Matcher figure = Pattern.compile('"' + name + "\":([0-9.]+)").matcher(json);
    assertThat(figure.find()).as(name).isTrue();
    return Double.parseDouble(figure.group(1));
  }

  @Test
  void aModuleThatIsNotThereIsNamedAndNoOtherScriptIs() throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/classpath").toString(), "nope");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("no module 'nope'").doesNotContain("build-once");
  }

  @Test
  void aFolderOfModulesIsNotAModule() throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/classpath").toString(), "extensions");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("no module 'extensions'");
    assertThat(SourceTree.modules())
        .contains(ROOT.resolve("mesh-core"), ROOT.resolve("extensions/mesh-spark"));
  }

  @Test
  void commandsOfTextsAreCheckedWhereverTheyStand() throws Exception {
    texts(
        """
        ~~~sh
        scripts/gone-in-tildes
        ~~~

        ```bash
        cd here && scripts/gone-after-and; X=1 scripts/gone-after-semicolon
        scripts/quickstart "a && b" 2>&1 | scripts/gone-in-pipe
        scripts/quickstart \\
          && (cd x || scripts/gone-in-brackets) # && scripts/in-a-comment
        ```

        <!-- drawing: what a text contains -->
        ```text
        scripts/not-a-command && scripts/nor-this
        ```
        """);

    Ran ran = check();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err().lines())
        .containsExactly(
            "docs/page.md:2: no such command: scripts/gone-in-tildes",
            "docs/page.md:6: no such command: scripts/gone-after-and",
            "docs/page.md:6: no such command: scripts/gone-after-semicolon",
            "docs/page.md:7: no such command: scripts/gone-in-pipe",
            "docs/page.md:9: no such command: scripts/gone-in-brackets");
  }

  @Test
  void picturesAreThereSmallAndDescribed() throws Exception {
    String good = "<svg role=\"img\"><title>A</title><desc>B</desc></svg>";
    texts(
        """
        ![Good](pictures/good.svg) ![Gone](pictures/gone.svg) ![](pictures/bare.svg)
        <picture><source srcset="pictures/large.png"><img src="pictures/good.svg"></picture>
        ![Elsewhere](https://example.org/a.png)
        """);
    write("docs/pictures/good.svg", good);
    write("docs/pictures/bare.svg", "<svg role=\"img\"></svg>");
    write("docs/pictures/large.png", "x".repeat(150_001));
    write("docs/pictures/unused.svg", good);

    assertThat(check().err().lines())
        .containsExactlyInAnyOrder(
            "docs/page.md:1: link leads nowhere: pictures/gone.svg",
            "docs/page.md: a picture without words in its place",
            "docs/pictures/unused.svg: no text shows this picture",
            "docs/pictures/bare.svg: lacks <title",
            "docs/pictures/bare.svg: lacks <desc",
            "docs/pictures/gone.svg: no such picture",
            "docs/pictures/large.png: larger than 150000 bytes");
  }

  @Test
  void linksInBlocksOfTildesAreIgnored() throws Exception {
    texts(
        """
        <!-- drawing: what a text contains -->
        ~~~text
        [a](gone.md)
        ```
        [b](gone.md)
        ~~~
        [c](gone.md)
        """);

    assertThat(check().err().lines())
        .containsExactly("docs/page.md:7: link leads nowhere: gone.md");
  }

  @Test
  void aPageThatShowsTheOutputOfAProgramShowsEachStatementThatPrints() throws Exception {
    String program = "examples/src/main/java/Shown.java";
    write(
        program,
        """
        // tag::shown[]
        System.out.println("shown");
        // end::shown[]
        System.out.println("hidden");
        // tag::other[]
        print("of another page");
        // end::other[]
        """);
    texts(
        """
        <!-- snippet: %1$s#shown -->
        ```java
        System.out.println("shown");
        ```

        <!-- output: %1$s -->
        ```text
        shown
        ```

        ```text
        of no program
        ```
        """
            .formatted(program));

    assertThat(check().err().lines())
        .containsExactly(
            "docs/page.md: shows the output but not the statement of " + program + ":4",
            "docs/page.md: shows the output but not the statement of " + program + ":6",
            "docs/page.md:11: a text block without a comment right above, such as output:");
  }

  @Test
  void aJavaBlockIsNearItsImportsOrALinkToItsProgram() throws Exception {
    String program = "examples/src/main/java/Shown.java";
    write(
        program,
        """
        import static io.meshwork.contract.Rule.unique;
        import io.meshwork.Mesh;
        import io.meshwork.shop.Shop;
        // tag::shown[]
        Shop shop = open(unique("Mesh"));
        // end::shown[]
        """);
    String block =
        """
        <!-- snippet: %s#shown -->
        ```java
        Shop shop = open(unique("Mesh"));
        ```
        """
            .formatted(program);
    texts(block);
    write("docs/api/mesh-core.txt", "io.meshwork.shop.Shop: public class Shop\n");
    write("docs/linked.md", "The [program](../" + program + ").\n\n" + block);
    write(
        "docs/named.md",
        "**Imports.** `io.meshwork.shop` (`Shop`), and `io.meshwork.contract.Rule`.\n\n" + block);

    assertThat(check().err().lines())
        .containsExactly(
            "docs/page.md:1: links neither " + program + " nor names the import of unique",
            "docs/page.md:1: links neither " + program + " nor names the import of Shop");
  }

  @Test
  void guidesShowEachConstantOfATableAndEachMethodOfAClient() throws Exception {
    texts(
        """
        <!-- constants: io.meshwork.shop.Shop.State -->
        | State | Meaning |
        |---|---|
        | `OPEN` | What `shop()` returns. |
        | `GONE` | |
        """);
    write(
        "docs/api/mesh-core.txt",
        """
        io.meshwork.MeshClient: public Shop shop()
        io.meshwork.MeshClient: public <T> List<T> shops(Class<T> type)
        io.meshwork.rollout.Rollout.Track: public Operation<Track> agree()
        io.meshwork.rollout.Rollout.Track: public boolean released()
        io.meshwork.shop.Shop.State: OPEN
        io.meshwork.shop.Shop.State: SHUT
        io.meshwork.shop.Shop.State: public enum State
        """);

    assertThat(check().err().lines())
        .containsExactly(
            "docs/page.md:1: the rows are [GONE, OPEN], the constants of"
                + " io.meshwork.shop.Shop.State are [OPEN, SHUT]",
            "docs: no guide shows io.meshwork.MeshClient.shops(..)",
            "docs: no guide shows io.meshwork.rollout.Rollout.Track.agree(..)");
  }

  @Test
  void pagesAndAdditionsAreWhatTheTextsNameThem() throws Exception {
    texts("One page.\n");
    write("docs/api/mesh-core.txt", "io.meshwork.Shop: public int size()\n");
    write("docs/selling.md", "# Sell\n");
    write("docs/decisions/0001-one.md", "# 0001 One thing\n");
    write("docs/decisions/0002-another-thing.md", "# 0002 Another thing\n");
    write(
        "CHANGELOG.md",
        "### Added\n\n- `size()` and `Shop.size`.\n- `gone(..)` and `Shop.GONE`.\n\n"
            + "### Changed\n\n- `before()` is `size()`.\n");

    assertThat(check().err().lines())
        .containsExactly(
            "CHANGELOG.md:4: not in docs/api: gone(..)",
            "CHANGELOG.md:4: not in docs/api: Shop.GONE",
            "docs/selling.md: the heading is that of sell.md",
            "docs/decisions/0001-one.md: the heading is that of 0001-one-thing.md");
  }

  @Test
  void theStructureCountsWhateverAnApiShowsOfInternalTypes() throws Exception {
    write("shop/pom.xml", "");
    write(
        "shop/src/main/java/io/meshwork/internal/Till.java",
        """
        package io.meshwork.internal;
        public class Till<T> { io.meshwork.shop.Empty back; }
        """);
    write(
        "shop/src/main/java/io/meshwork/shop/Empty.java",
        "package io.meshwork.shop;\npublic record Empty() { private static int none; }\n");
    write(
        "shop/src/main/java/io/meshwork/shop/Shop.java",
        """
        package io.meshwork.shop;
        import io.meshwork.internal.Till;
        public class Shop<T extends Till<T>> extends Till<T> {
          public record Sale(Till<String> till, int count) {}
          public io.meshwork.internal.Till<T> qualified() { return null; }
          public <U extends Till<U>> void bounded() {}
          private Till<T> hidden;
        }
        """);

    Ran ran = program("Structure", ".");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("\"foreignTypesInApi\":4", "\"packageCycles\":2", "\"publicTypesInInternal\":1")
        .contains("\"publicTypes\":{\"shop\":2}", "\"publicTypesNested\":{\"shop\":3}");
  }

  @Test
  void theStructureCountsFilesAndLayersOfPackagesAndWordsOfTexts() throws Exception {
    String folder = "shop/src/main/java/io/meshwork/shop/";
    write("shop/pom.xml", "");
    write(
        folder + "Till.java", "package io.meshwork.shop;\nclass Till { Shop shop; Coin coin; }\n");
    write(folder + "Shop.java", "package io.meshwork.shop;\nclass Shop { Till till; }\n");
    write(folder + "Coin.java", "package io.meshwork.shop;\nclass Coin {}\n");
    write(
        "shop/src/main/java/io/meshwork/bank/Coin.java",
        "package io.meshwork.bank;\nclass Coin {}\n");
    write("README.md", "One two\nthree.\n");
    write("docs/guide.md", "Four five.\n");
    write("docs/decisions/0001.md", "Six seven eight nine.\n");

    Ran ran = program("Structure", ".");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("\"largestPackage\":3", "\"deepestPackage\":2", "\"duplicateTypeNames\":1")
        .contains("\"deepestPackages\":{\"io.meshwork.shop\":2}")
        .contains("\"docsWords\":9", "\"longestGuide\":2");
  }

  private static List<Integer> numbers(String json, String key) {
    return Pattern.compile("\"" + key + "\":(\\d+)")
        .matcher(json)
        .results()
        .map(found -> Integer.valueOf(found.group(1)))
        .toList();
  }

  @Test
  void filesBesideTheSourcesAreRefused() throws Exception {
    write("scripts/check-tracked", Files.readString(ROOT.resolve("scripts/check-tracked")));
    write("scripts/usage.bash", Files.readString(ROOT.resolve("scripts/usage.bash")));
    write("mesh-core/src/main/java/Shop.java", "");
    write("mesh-core/pom.xml", "");
    write("README.md", "");
    assertThat(checkTracked().code()).isZero();

    write("mesh-core/mesh:/data/first.parquet", "");
    write("mesh-core/first.parquet", "");
    Ran ran = checkTracked();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .contains("mesh-core/mesh:/data/first.parquet", "mesh-core/first.parquet")
        .doesNotContain("Shop.java");
  }

  private Ran checkTracked() throws IOException, InterruptedException {
    run(texts, "git", "init", "-q");
    run(texts, "git", "add", "scripts", "mesh-core", "README.md");
    return run(texts, "bash", texts.resolve("scripts/check-tracked").toString());
  }

  private Ran check() throws IOException, InterruptedException {
    return program("CheckDocs");
  }

  /** A small repository whose texts hold, but for one page. */
  private void texts(String page) throws IOException {
    write("README.md", "## Two commands\n\n```sh\nscripts/quickstart\nscripts/test\n```\n");
    write("CONTRIBUTING.md", "Welcome.\n");
    write(".ci/run", "scripts/test\n");
    write("docs/api/mesh-core.txt", "");
    write("docs/page.md", page);
    for (String script : List.of("scripts/quickstart", "scripts/test")) {
      write(script, "");
      Files.setPosixFilePermissions(
          texts.resolve(script), PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = texts.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}
