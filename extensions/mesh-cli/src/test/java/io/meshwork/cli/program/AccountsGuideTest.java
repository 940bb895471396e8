package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the guide on accounts: those that print are run as they stand, and for those that
 * onboard an account, the templates are printed that they would deploy.
 */
class AccountsGuideTest {
  private static final Path GUIDE = Path.of("../../docs/setting-up-aws-accounts.md");
  private static final String ONBOARD = "mesh onboard-account ";

  @TempDir private Path folder;

  private static List<String> commands(String start) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean isShell = false;
    for (String line : Files.readString(GUIDE).replace("\\\n", " ").lines().toList()) {
      isShell = line.startsWith("```") ? line.equals("```sh") : isShell;
      if (isShell && line.startsWith(start)) {
        commands.add(line);
      }
    }
    return commands;
  }

  private static List<String> words(String command) {
    return Arrays.stream(command.replace("'", "").split(" +", -1)).skip(1).toList();
  }

  private String print(List<String> words, Path to) throws IOException {
    TestShell shell = new TestShell(folder);
    List<String> all = new ArrayList<>(words);
    if (all.contains("--to")) {
      all.set(all.indexOf("--to") + 1, to.toString());
    } else {
      all.addAll(List.of("--to", to.toString()));
    }
    assertThat(shell.run(all.toArray(String[]::new))).as(words + shell.err()).isZero();
    StringBuilder printed = new StringBuilder();
    try (Stream<Path> files = Files.list(to)) {
      for (Path file : files.sorted().toList()) {
        printed.append(Files.readString(file));
      }
    }
    return printed.toString();
  }

  @Test
  void theCommandsThatPrintRunAsTheyStand() throws IOException {
    List<String> commands = commands("mesh template ");
    assertThat(commands).hasSizeGreaterThan(2);
    int number = 0;
    for (String command : commands) {
      assertThat(print(words(command), folder.resolve("printed" + number++))).isNotEmpty();
    }
  }

  /** Only a steward defines products and grants them, and only a consumer reads those of others. */
  @Test
  void theAccountsThatAreOnboardedSufficeForAFirstRead() throws IOException {
    String address = words(commands("mesh use ").get(0)).get(1);
    String kinds = "";
    int number = 0;
    for (String command : commands(ONBOARD)) {
      List<String> words = new ArrayList<>(words(command));
      words.set(0, "template");
      words.addAll(1, List.of("cloudformation", "--mesh", address, "--account"));
      words.remove("--plan");
      for (String option : List.of("--planned", "--owner")) {
        int at = words.indexOf(option);
        if (at >= 0) {
          words.subList(at, at + 2).clear();
        }
      }
      if (!words.contains("--domain")) {
        assertThat(words).as("governance has no domain").contains("mesh-admin=governance");
      }
      kinds += String.join(" ", words) + " ";
      assertThat(print(words, folder.resolve("onboarded" + number++))).contains("AWS::IAM::Role");
    }
    assertThat(kinds)
        .contains("=governance", "commerce-steward=steward", "=producer", "=consumer")
        .contains("--domain commerce", "--domain finance");
  }
}
