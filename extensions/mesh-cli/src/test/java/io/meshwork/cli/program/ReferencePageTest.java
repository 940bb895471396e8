package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.CommandShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of each verb is complete, and the reference pages of docs are what it says. */
class ReferencePageTest {
  private static final Path DOCS = Path.of("../../docs");
  private static final Path WRITTEN = Path.of("target/docs");

  private final List<CommandSpec> verbs = verbs();

  private static List<CommandSpec> verbs() {
    CommandLine program = new CommandLine(new MeshVerbs(CommandShell.ofProcess()));
    VerbHelp.showIn(program);
    return ReferencePage.verbs(program.getSubcommands().values());
  }

  @Test
  void thePagesAreWhatTheVerbsSay() throws IOException {
    Files.createDirectories(WRITTEN);
    for (Map.Entry<String, String> page : ReferencePage.texts().entrySet()) {
      Files.writeString(WRITTEN.resolve(page.getKey()), page.getValue());
    }
    for (Map.Entry<String, String> page : ReferencePage.texts().entrySet()) {
      Path committed = DOCS.resolve(page.getKey());
      assertThat(Files.exists(committed) ? Files.readString(committed) : "")
          .as(
              "docs/%s is out of date; run cp extensions/mesh-cli/target/docs/* docs/",
              page.getKey())
          .isEqualTo(page.getValue());
    }
  }

  @Test
  void eachVerbBeginsWithAWholeSentence() {
    Set<String> wrong = new TreeSet<>();
    for (CommandSpec verb : verbs) {
      List<String> lines = List.of(verb.usageMessage().description());
      if (lines.isEmpty() || !lines.stream().allMatch(line -> line.endsWith("."))) {
        wrong.add(verb.qualifiedName() + ": " + lines);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void eachOptionAndArgumentSaysWhatItIs() {
    Set<String> silent = new TreeSet<>();
    for (CommandSpec verb : verbs) {
      for (OptionSpec option : VerbHelp.ownOptions(verb)) {
        addIfSilent(verb, option.longestName(), option, silent);
      }
      for (PositionalParamSpec argument : verb.positionalParameters()) {
        if (!ReferencePage.PLAIN.contains(argument.paramLabel())) {
          addIfSilent(verb, argument.paramLabel(), argument, silent);
        }
      }
    }
    assertThat(silent).as("without a description, or with only a default").isEmpty();
  }

  private static void addIfSilent(
      CommandSpec verb, String name, ArgSpec argument, Set<String> silent) {
    String description = ReferencePage.description(argument.description());
    if (description.isBlank() || description.startsWith("Default")) {
      silent.add(verb.qualifiedName() + " " + name);
    }
  }

  @Test
  void eachExitCodeThatAVerbAloneHasIsInItsHelp() {
    Set<Integer> special =
        Set.of(
            ExitCode.CONTRACT_VIOLATED,
            ExitCode.NOT_FRESH,
            ExitCode.FINDINGS,
            ExitCode.NOT_CHECKED,
            ExitCode.NOTHING_NEW);
    Set<String> tested = new TreeSet<>();
    EachExitCodeTest.codes()
        .forEach(
            (verb, codes) ->
                codes.stream()
                    .filter(special::contains)
                    .forEach(code -> tested.add("mesh " + verb + " " + code)));
    Set<String> stated = new TreeSet<>();
    for (CommandSpec verb : verbs) {
      verb.usageMessage()
          .exitCodeList()
          .keySet()
          .forEach(code -> stated.add(verb.qualifiedName() + " " + code));
    }
    assertThat(stated).containsAll(tested);
  }
}
