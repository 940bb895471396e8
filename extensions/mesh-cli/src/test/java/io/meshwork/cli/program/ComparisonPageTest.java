package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/comparison.md do what it says, and are as many as its table says. */
class ComparisonPageTest {
  private static final Pattern FILE =
      Pattern.compile("<!-- file: (\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TASK =
      Pattern.compile(
          "<!-- drawing: (task \\d+|the set-up)[^>]*-->\n```text\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| (\\d+)\\. [^|]+\\| (\\d+) commands?(?:, (\\d+) lines)?", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir private Path folder;

  @Test
  void eachTaskTakesTheCommandsThatTheTableCounts() throws IOException {
    String page = Files.readString(Path.of("../../docs/comparison.md"));
    Map<String, Long> counted = new HashMap<>();
    TASK.matcher(page)
        .results()
        .forEach(
            task ->
                counted.put(
                    task.group(1),
                    commands(task).stream()
                        .filter(each -> !each.contains("rollout move"))
                        .count()));
    List<MatchResult> rows = ROW.matcher(page).results().toList();

    assertThat(rows).hasSize(10);
    for (MatchResult row : rows) {
      assertThat(counted.get("task " + row.group(1)))
          .as(row.group())
          .isEqualTo(Long.parseLong(row.group(2)));
    }
    String contract = files(page).get("orders.odcs.yaml");
    assertThat(contract.lines().count()).isEqualTo(Long.parseLong(rows.get(0).group(3)));
  }

  @Test
  void theCommandsRunInTheirOrder() throws IOException {
    String page = Files.readString(Path.of("../../docs/comparison.md"));
    Map<String, String> files = files(page);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    TestShell shell = new TestShell(folder);
    Map<String, String> printed = new HashMap<>();
    List<String> answers = new ArrayList<>();

    for (MatchResult task : TASK.matcher(page).results().toList()) {
      for (String line : commands(task)) {
        int code = shell.run(arguments(line, printed, files));
        assertThat(code)
            .as(line + "\n" + shell.err())
            .isEqualTo(line.contains(" breaking ") ? ExitCode.CONTRACT_VIOLATED : 0);
        answers.add(line + "\n" + shell.out() + shell.err());
        for (String key : List.of("snapshotId", "batch")) {
          Matcher value = Pattern.compile("\"" + key + "\":\"([^\"]+)\"").matcher(shell.out());
          if (value.find()) {
            printed.putIfAbsent(key.equals("batch") ? "BATCH" : "SNAPSHOT", value.group(1));
          }
        }
      }
    }

    assertThat(answers)
        .anySatisfy(each -> assertThat(each).startsWith("mesh quarantine").contains("o-12"))
        .anySatisfy(each -> assertThat(each).startsWith("mesh republish").contains("1 row "))
        .anySatisfy(each -> assertThat(each).startsWith("mesh explain").contains("customer"))
        .anySatisfy(each -> assertThat(each).startsWith("mesh rollout move"));
    assertThat(Files.readString(folder.resolve("batch.csv")))
        .contains("o-1,")
        .doesNotContain("FR", "o-3,", "o-12,");
  }

  private static Map<String, String> files(String page) {
    Map<String, String> files = new HashMap<>();
    FILE.matcher(page).results().forEach(file -> files.put(file.group(1), file.group(2)));
    return files;
  }

  private static List<String> commands(MatchResult task) {
    return task.group(2).lines().toList();
  }

  /** The words after {@code mesh}, with the paths of files and of the mesh in the folder. */
  private String[] arguments(String line, Map<String, String> printed, Map<String, String> files) {
    List<String> arguments = new ArrayList<>();
    Matcher words = WORD.matcher(line);
    while (words.find()) {
      String word = words.group(1) == null ? words.group(2) : words.group(1);
      boolean local = files.containsKey(word) || List.of("shop", "batch.csv").contains(word);
      arguments.add(local ? folder.resolve(word).toString() : printed.getOrDefault(word, word));
    }
    return arguments.subList(1, arguments.size()).toArray(new String[0]);
  }
}
