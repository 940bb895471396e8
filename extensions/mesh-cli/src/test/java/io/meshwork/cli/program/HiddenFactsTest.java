package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of two meshes that differ only in what the caller may not know, all answers of the command and
 * all files of the portal have the same bytes. The API alone is compared by {@code
 * DiscoveryNonInterferenceTest}.
 */
class HiddenFactsTest {
  private static final InstantSource LATER =
      InstantSource.fixed(HiddenFactsOpener.NOON.plus(Duration.ofDays(1)));

  /** The meshes of the pairs that are compared differ in these, too: they are random. */
  private static final String IDS = "\"snapshotId\":\"[0-9]+\"";

  @TempDir private Path folder;
  private int sites;

  @Test
  void answersAndPagesDoNotDependOnWhatTheCallerMayNotKnow() {
    Seeds.forEach(
        1,
        random -> {
          int known = random.nextInt(1_000_000);
          String one = "hidden-facts:" + known + "/" + random.nextInt(1_000_000);
          String other = "hidden-facts:" + known + "/" + random.nextInt(1_000_000);
          for (String who : List.of("asker/etl", "nobody/reader")) {
            assertThat(answers(one, who)).as(who).isEqualTo(answers(other, who));
            assertThat(pages(one, who)).as(who).isEqualTo(pages(other, who));
          }
          assertThat(pages(one, "d0/etl"))
              .as("what an owner sees differs")
              .isNotEqualTo(pages(other, "d0/etl"));
        });
  }

  private Map<String, String> answers(String mesh, String who) {
    Map<String, String> answers = new TreeMap<>();
    List<String> commands =
        new ArrayList<>(
            List.of("health", "search", "search p1", "emit backstage", "emit prometheus"));
    for (String product : List.of("d0/p0", "d2/p1")) {
      for (String verb : List.of("describe", "lineage", "fault", "changes", "consumers")) {
        commands.add(verb + " " + product);
      }
      commands.add("impact " + product + " amount");
      commands.add("emit odcs " + product);
      commands.add("emit odps " + product);
    }
    commands.add("domain show d0");
    if (who.startsWith("asker")) {
      commands.addAll(List.of("requests --all", "suggestions --all", "links"));
    }
    for (String command : commands) {
      answers.put(command, answer(mesh, who, command));
    }
    return answers;
  }

  private String answer(String mesh, String who, String command) {
    TestShell shell = new TestShell(folder).at(LATER);
    List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ")));
    if (command.equals("search")) {
      arguments.add("");
    }
    arguments.addAll(List.of("--json", "--mesh", mesh, "--as", who));
    assertThat(shell.run(arguments.toArray(String[]::new))).as(shell.err()).isZero();
    return shell.out().replaceAll(IDS, "");
  }

  private Map<String, String> pages(String mesh, String who) throws IOException {
    Path site = folder.resolve("site-" + sites++);
    TestShell shell = new TestShell(folder).at(LATER);
    assertThat(shell.run("portal", site.toString(), "--mesh", mesh, "--as", who))
        .as(shell.err())
        .isZero();
    Map<String, String> pages = new TreeMap<>();
    try (Stream<Path> files = Files.walk(site)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        pages.put(site.relativize(file).toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return pages;
  }
}
