package io.meshwork.house;

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
  private static final Path ROOT = SourceTree.moduleFolder().resolve("..").normalize();

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
  void aModuleThatIsNotThereIsNamedAndNoOtherScriptIs() throws Exception {
    Ran ran = run(texts, ROOT.resolve("scripts/classpath").toString(), "nope");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("no module 'nope'").doesNotContain("build-once");
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
