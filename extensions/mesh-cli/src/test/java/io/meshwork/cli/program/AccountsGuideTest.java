package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the guide on accounts: a shell splits them, those that print are run as they
 * stand, and those that onboard an account are run on the emulator.
 */
class AccountsGuideTest {
  private static final Path GUIDE = Path.of("../../docs/setting-up-aws-accounts.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(mesh .*?\n)```");
  private static final Pattern ACCOUNT = Pattern.compile("([0-9])\\1{11}");

  @TempDir private Path folder;

  private static List<List<String>> commands() throws IOException {
    List<List<String>> commands = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(GUIDE));
    while (blocks.find()) {
      for (List<String> words : PrintedCommands.words(blocks.group(1))) {
        assertThat(words).first().isEqualTo("mesh");
        commands.add(words.subList(1, words.size()));
      }
    }
    return commands;
  }

  private static List<List<String>> commands(String verb) throws IOException {
    return commands().stream().filter(words -> words.get(0).equals(verb)).toList();
  }

  @Test
  @Tag("smoke")
  void eachCommandHasTheOptionsOfItsVerb() throws IOException {
    List<List<String>> commands = commands();
    assertThat(commands).hasSizeGreaterThan(9);
    for (List<String> command : commands) {
      String[] words = command.toArray(String[]::new);
      MeshVerbs.program(CommandShell.ofProcess(), words).parseArgs(words);
    }
  }

  @Test
  @Tag("smoke")
  void theCommandsThatPrintRunAsTheyStand() throws IOException {
    List<List<String>> commands = commands("template");
    assertThat(commands).hasSizeGreaterThan(2);
    TestShell shell = new TestShell(folder);
    int number = 0;
    for (List<String> command : commands) {
      List<String> words = new ArrayList<>(command);
      Path to = folder.resolve("printed" + number++);
      words.set(words.indexOf("--to") + 1, to.toString());
      assertThat(shell.run(words.toArray(String[]::new))).as(words + shell.err()).isZero();
      try (Stream<Path> files = Files.list(to)) {
        assertThat(files).isNotEmpty();
      }
    }
  }

  /** Only a steward defines products and grants them, and only a consumer reads those of others. */
  @Test
  void theAccountsThatAreOnboardedSufficeForAFirstRead() throws IOException {
    Map<String, String> accounts = new TreeMap<>();
    TestShell shell = new TestShell(folder);
    String kinds = "";
    String fingerprint = "";
    try (AwsEmulator aws = AwsEmulator.start()) {
      String address = commands("use").get(0).get(1) + "?endpoint=" + aws.endpoint();
      assertThat(shell.run("use", renamed(address, accounts))).as(shell.err()).isZero();
      aws.runAs(accounts.get("111111111111"), "platform");
      for (List<String> command : commands("onboard-account")) {
        List<String> words = new ArrayList<>();
        for (String word : command) {
          words.add(word.equals("FINGERPRINT") ? fingerprint : renamed(word, accounts));
        }
        words.addAll(List.of("--json", "--to", folder.toString()));
        int code = shell.run(words.toArray(String[]::new));
        assertThat(code).as(words + shell.err()).isIn(0, ExitCode.FINDINGS);
        assertThat(shell.json().path("byHand"))
            .as("an administrator deploys the stack of the deployer alone")
            .allMatch(step -> step.asText().startsWith("by hand mesh-sales-deployer in "));
        assertThat(shell.json().path("left")).isEmpty();
        fingerprint = shell.json().path("fingerprint").asText();
        kinds += String.join(" ", words) + " ";
      }
    }
    assertThat(kinds)
        .contains("=governance", "commerce-steward=steward", "=producer", "=consumer")
        .contains("--domain commerce", "--domain finance");
  }

  /** Accounts keep what they have from test to test. */
  private static String renamed(String word, Map<String, String> accounts) {
    return ACCOUNT
        .matcher(word)
        .replaceAll(account -> accounts.computeIfAbsent(account.group(), ignored -> newAccount()));
  }

  private static String newAccount() {
    return "5" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }
}
