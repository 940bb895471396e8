package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.TerminalText;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What messages tell a person to type is a verb of the command, with an option that it has. */
class TerminalWordsTest {
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

  private final CommandLine mesh = new CommandLine(new MeshVerbs(CommandShell.ofProcess()));

  @Test
  void eachVerbAndOptionThatMessagesNameExists() {
    Set<String> wrong = new TreeSet<>();
    for (String words : TerminalText.table().values()) {
      Matcher command = Pattern.compile("\\bmesh ([a-z-]+)(?: ([a-z-]+))?").matcher(words);
      CommandLine verb = mesh;
      if (command.find()) {
        verb = mesh.getSubcommands().get(command.group(1));
        if (verb == null) {
          wrong.add("no verb: " + words);
          continue;
        }
        if (!verb.getSubcommands().isEmpty()
            && command.group(2) != null
            && !verb.getSubcommands().containsKey(command.group(2))) {
          wrong.add("no verb: " + words);
          continue;
        }
        verb = verb.getSubcommands().getOrDefault(String.valueOf(command.group(2)), verb);
      }
      Matcher option = OPTION.matcher(words);
      while (option.find()) {
        if (verb == mesh ? !isOption(mesh, option.group()) : !hasOption(verb, option.group())) {
          wrong.add("no option " + option.group() + ": " + words);
        }
      }
    }

    assertThat(wrong).as("words of terminal-words.txt that the command does not know").isEmpty();
  }

  /** True if any verb has the option. */
  private static boolean isOption(CommandLine at, String name) {
    return hasOption(at, name)
        || at.getSubcommands().values().stream().anyMatch(verb -> isOption(verb, name));
  }

  private static boolean hasOption(CommandLine verb, String name) {
    return verb.getCommandSpec().optionsMap().containsKey(name);
  }
}
