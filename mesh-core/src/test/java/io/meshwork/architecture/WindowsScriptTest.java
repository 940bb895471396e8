package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The start script for Windows, by its text, as no build runs on Windows. */
class WindowsScriptTest {
  private static final Pattern RUN = Pattern.compile("-jar \"[^\"]*\" (\\S+)");

  private static List<String> lines(String script) throws IOException {
    return Files.readAllLines(SourceTree.root().resolve("scripts").resolve(script));
  }

  /** Returns the options of the JVM that make it start fast. */
  private static List<String> options(Stream<String> lines) {
    return lines
        .flatMap(line -> Pattern.compile("-XX:[+A-Z]\\w+(=\\w+)?").matcher(line).results())
        .map(MatchResult::group)
        .filter(option -> !option.contains("Archive"))
        .toList();
  }

  private static String command() throws IOException {
    return lines("mesh.cmd").stream()
        .filter(line -> line.startsWith("\"%JAVA%\""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theScriptForWindowsRunsTheSameAsTheOneOfOtherSystems() throws Exception {
    List<String> flags = options(lines("cli").stream().filter(line -> line.startsWith("flags=(")));

    assertThat(flags).isNotEmpty();
    assertThat(options(Stream.of(command()))).isEqualTo(flags);
    assertThat(lines("cli")).contains("exec \"$java\" \"${flags[@]}\" -jar \"$jar\" \"$@\"");
    assertThat(command()).startsWith("\"%JAVA%\" ").endsWith(" -jar \"%JAR%\" %*");
    assertThat(RUN.matcher(command()).results().map(run -> run.group(1))).containsExactly("%*");
    for (String variable : List.of("JAVA_HOME", "MESHWORK_JAR")) {
      assertThat(lines("cli")).anyMatch(line -> line.contains("${" + variable + "-}"));
      assertThat(lines("mesh.cmd")).anyMatch(line -> line.contains("%" + variable));
    }
  }

  @Test
  void aFolderWithBlanksAndParenthesesDoesNotEndACommand() throws Exception {
    for (String line : lines("mesh.cmd")) {
      if (line.startsWith("rem ") || line.startsWith("exit /b %ERRORLEVEL%")) {
        continue;
      }
      String unquoted = line.replaceAll("\"[^\"]*\"", "");
      assertThat(unquoted.replace("%*", "").replaceAll("%%J in", ""))
          .as("outside of quotes in: %s", line)
          .doesNotContain("%");
    }
  }

  @Test
  void theExitCodeOfTheCommandIsThatOfTheScript() throws Exception {
    List<String> lines = lines("mesh.cmd");

    assertThat(lines.get(lines.indexOf(command()) + 1)).isEqualTo("exit /b %ERRORLEVEL%");
    assertThat(lines).hasSize(lines.indexOf(command()) + 2);
    assertThat(lines).contains("setlocal");
  }
}
