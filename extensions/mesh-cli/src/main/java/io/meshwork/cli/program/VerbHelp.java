package io.meshwork.cli.program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The help of a verb: what must be given, its own options, and one line for the options of all
 * verbs. The help of the program lists the verbs by what they are for.
 */
final class VerbHelp extends Help {
  /** The titles of the groups of verbs, by the first verb of each, in the order of the help. */
  private static final Map<String, String> TITLES = titles();

  VerbHelp(CommandSpec spec, ColorScheme colors) {
    super(spec, colors);
  }

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("init", "Set up a mesh and define products");
    titles.put("publish", "Publish");
    titles.put("search", "Find and read products");
    titles.put("subscribe", "Consume what is new");
    titles.put("grant", "Share products");
    titles.put("suggest", "Suggest improvements");
    titles.put("rollout", "Change and end products");
    titles.put("snapshot", "Keep a domain in files");
    titles.put("doctor", "Operate a mesh");
    titles.put("emit", "Show a mesh to people and other tools");
    return titles;
  }

  /** Makes a program and its verbs print this help. */
  static void showIn(CommandLine program) {
    program.setHelpFactory(VerbHelp::new);
    UsageMessageSpec help =
        Objects.requireNonNull(program.getSubcommands().get("help"))
            .getCommandSpec()
            .usageMessage();
    help.header(new String[0]).description("Shows how a verb is called, and its options.");
  }

  /** Returns the verbs of the program by the titles of their groups. */
  static Map<String, Map<String, CommandLine>> groups(CommandLine program) {
    Map<String, Map<String, CommandLine>> groups = new LinkedHashMap<>();
    Map<String, CommandLine> group = new LinkedHashMap<>();
    for (Map.Entry<String, CommandLine> verb : program.getSubcommands().entrySet()) {
      String title = TITLES.get(verb.getKey());
      if (title != null) {
        group = new LinkedHashMap<>();
        groups.put(title, group);
      }
      group.put(verb.getKey(), verb.getValue());
    }
    return groups;
  }

  /** Returns the options that a verb has and others may lack. */
  static List<OptionSpec> ownOptions(CommandSpec verb) {
    return verb.options().stream()
        .filter(option -> verb.parent() == null || !(option.inherited() || option.usageHelp()))
        .filter(option -> !option.hidden())
        .toList();
  }

  /** Returns how a verb is called: its arguments and the options that it needs. */
  static String call(CommandSpec verb) {
    StringJoiner call = new StringJoiner(" ").add(verb.qualifiedName());
    for (PositionalParamSpec argument : verb.positionalParameters()) {
      String label = argument.paramLabel();
      String more = argument.arity().isVariable() ? "..." : "";
      call.add(argument.required() ? label + more : "[" + label + more + "]");
    }
    List<OptionSpec> options = ownOptions(verb);
    options.stream().filter(OptionSpec::required).forEach(option -> call.add(named(option)));
    if (options.stream().anyMatch(option -> !option.required())) {
      call.add("[OPTION]...");
    }
    if (!verb.subcommands().isEmpty()) {
      call.add(verb.positionalParameters().isEmpty() ? "VERB" : "| VERB");
    }
    return call.toString();
  }

  /** Returns an option with the name of its value. */
  static String named(OptionSpec option) {
    return option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
  }

  @Override
  public String synopsis(int headingLength) {
    return call(commandSpec()) + System.lineSeparator();
  }

  @Override
  public String optionList() {
    return optionListExcludingGroups(ownOptions(commandSpec()));
  }

  @Override
  public String commandList() {
    if (commandSpec().parent() != null) {
      return commandList(subcommands());
    }
    StringBuilder list = new StringBuilder();
    groups(commandSpec().commandLine())
        .forEach(
            (title, verbs) -> {
              Map<String, Help> helps = new LinkedHashMap<>(subcommands());
              helps.keySet().retainAll(verbs.keySet());
              list.append(System.lineSeparator())
                  .append(title)
                  .append(":")
                  .append(System.lineSeparator())
                  .append(commandList(helps));
            });
    return list.toString();
  }

  @Override
  public String commandListHeading(Object... parameters) {
    return commandSpec().parent() == null || commandSpec().subcommands().isEmpty()
        ? ""
        : "Verbs:" + System.lineSeparator();
  }

  @Override
  public String exitCodeListHeading(Object... parameters) {
    return commandSpec().usageMessage().exitCodeList().isEmpty()
        ? ""
        : "Exit codes in addition to 'mesh --help':" + System.lineSeparator();
  }

  @Override
  public String footer(Object... parameters) {
    return commandSpec().parent() == null
        ? super.footer(parameters)
        : "Options of all verbs, see 'mesh --help': --mesh, --as, --reading-from, --json, --verbose"
            + System.lineSeparator();
  }
}
