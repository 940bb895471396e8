package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts say of themselves, and what the check of the texts finds. */
class ScriptsTest {
  private static final Path ROOT = SourceTree.root();

  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  Path texts;

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

  @Test
  void theApiIsWhatTheTextsInDocsSay() throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/api-dump").toString(), "--check");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
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
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java));
    command.add(ROOT.resolve("scripts/java/ApiDump.java").toString());
    command.addAll(List.of(arguments));
    return run(texts, command.toArray(String[]::new));
  }

  @Test
  void aModuleThatIsNotThereIsNamedAndNoOtherScriptIs() throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/classpath").toString(), "nope");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("no module 'nope'").doesNotContain("build-once");
  }

  @Test
  void aFolderOfModulesIsNoModule() throws Exception {
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
  void linksInBlocksOfTildesAreNoLinks() throws Exception {
    texts(
        """
        ~~~text
        [a](gone.md)
        ```
        [b](gone.md)
        ~~~
        [c](gone.md)
        """);

    assertThat(check().err().lines())
        .containsExactly("docs/page.md:6: link leads nowhere: gone.md");
  }

  private Ran check() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return run(texts, java, ROOT.resolve("scripts/java/CheckDocs.java").toString());
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
