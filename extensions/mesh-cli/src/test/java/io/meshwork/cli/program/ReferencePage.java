package io.meshwork.cli.program;

import io.meshwork.cli.internal.shell.CommandShell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the pages of docs that have each verb as its help has it. */
final class ReferencePage {
  /** Arguments that need no description. */
  static final Set<String> PLAIN = Set.of("PRODUCT", "DOMAIN", "SUBSCRIPTION");

  private static final String DATA = "cli-reference.md";
  private static final String WRITTEN =
      "<!-- Written by ReferencePageTest of mesh-cli from the verbs. Do not edit. -->";

  /**
   * The pages that follow the first one, because a page has a limit of words.
   *
   * @param file the name of its file
   * @param first the first of its groups of verbs
   * @param does what its verbs do
   */
  private record LaterPage(String file, String title, String first, String does) {}

  private static final List<LaterPage> LATER =
      List.of(
          new LaterPage(
              "cli-sharing-reference.md",
              "CLI sharing reference",
              "Share products",
              "share and change products"),
          new LaterPage(
              "cli-operating-reference.md",
              "CLI operating reference",
              "Keep a domain in files",
              "operate a mesh and show it"));

  private static final int WIDTH = 120;

  /** The description that most verbs give to an option of this name, if several give it. */
  private final Map<String, String> shared = new TreeMap<>();

  private final StringBuilder page = new StringBuilder();

  /** Returns each page by the name of its file. */
  static Map<String, String> texts() {
    CommandLine program = new CommandLine(new MeshVerbs(CommandShell.ofProcess()));
    VerbHelp.showIn(program);
    Map<String, Map<String, CommandLine>> groups = VerbHelp.groups(program);
    groups.values().forEach(verbs -> verbs.remove("help"));
    Map<String, String> texts = new LinkedHashMap<>();
    String file = DATA;
    String start = first(program);
    Map<String, Map<String, CommandLine>> ofPage = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, CommandLine>> group : groups.entrySet()) {
      for (LaterPage later : LATER) {
        if (later.first.equals(group.getKey())) {
          texts.put(file, new ReferencePage().text(ofPage, start));
          file = later.file;
          start = start(later);
          ofPage = new LinkedHashMap<>();
        }
      }
      ofPage.put(group.getKey(), group.getValue());
    }
    texts.put(file, new ReferencePage().text(ofPage, start));
    return texts;
  }

  private static String start(LaterPage page) {
    return """
        # %s

        %s

        The verbs of the command `mesh` that %s. The options of all verbs are in the [CLI reference](%s).
        """
        .formatted(page.title, WRITTEN, page.does, DATA);
  }

  private static String first(CommandLine program) {
    ReferencePage all = new ReferencePage();
    all.page.append(
        """
        # CLI reference

        %s

        The verbs of the command `mesh`, as `mesh VERB --help` prints them. [CLI](cli.md) introduces them. More pages have
        those that [share and change products](%s), and [operate a mesh](%s).

        A verb has the [exit codes](cli.md#exit-codes) of all; it lists those that mean more. An option can be given as
        `--key KEY` or `--key=KEY`. COLUMN,… is one or more columns with commas between them. A TIME is a date, such
        as 2026-11-20, or has its offset, such as 2026-11-20T08:00:00Z. In place of a FILTER, `@FILE` reads it from a
        file, and `@-` from standard input. `mesh help VERB` prints the help, too.

        ## Options of all verbs

        """
            .formatted(WRITTEN, LATER.get(0).file, LATER.get(1).file));
    VerbHelp.ownOptions(program.getCommandSpec()).forEach(all::option);
    return all.page.toString();
  }

  /** Returns each verb that answers, and those that only have others. */
  static List<CommandSpec> verbs(Collection<CommandLine> lines) {
    List<CommandSpec> verbs = new ArrayList<>();
    for (CommandLine line : lines) {
      verbs.add(line.getCommandSpec());
      verbs.addAll(verbs(line.getSubcommands().values()));
    }
    return verbs;
  }

  static String description(String[] lines) {
    return String.join(" ", lines).replace("%%", "%");
  }

  private String text(Map<String, Map<String, CommandLine>> groups, String start) {
    page.append(start);
    page.append("\n## Options of several verbs\n\nA verb names those that it has.\n\n");
    sharedOptions(groups).forEach(this::option);
    groups.forEach(
        (title, verbs) -> {
          page.append("\n## ").append(title).append("\n");
          verbs.values().forEach(this::verb);
        });
    return page.toString();
  }

  /** Finds the descriptions that several verbs give to an option, and returns one of each. */
  private List<OptionSpec> sharedOptions(Map<String, Map<String, CommandLine>> groups) {
    Map<String, Map<String, List<OptionSpec>>> byName = new TreeMap<>();
    groups.values().stream()
        .flatMap(group -> verbs(group.values()).stream())
        .flatMap(verb -> VerbHelp.ownOptions(verb).stream())
        .forEach(
            option ->
                byName
                    .computeIfAbsent(VerbHelp.named(option), name -> new LinkedHashMap<>())
                    .computeIfAbsent(description(option.description()), text -> new ArrayList<>())
                    .add(option));
    List<OptionSpec> several = new ArrayList<>();
    byName.forEach(
        (name, descriptions) -> {
          List<OptionSpec> most =
              descriptions.values().stream().max(Comparator.comparingInt(List::size)).orElseThrow();
          if (most.size() > 1) {
            shared.put(name, description(most.get(0).description()));
            several.add(most.get(0));
          }
        });
    return several;
  }

  private boolean isShared(OptionSpec option) {
    return description(option.description()).equals(shared.get(VerbHelp.named(option)));
  }

  private void verb(CommandLine line) {
    CommandSpec verb = line.getCommandSpec();
    page.append("\n### ").append(verb.qualifiedName()).append("\n\n");
    if (!VerbHelp.call(verb).equals(verb.qualifiedName())) {
      wrapped("", "`" + VerbHelp.call(verb) + "`");
      page.append("\n");
    }
    wrapped("", description(verb.usageMessage().description()));
    int start = page.length();
    page.append("\n");
    for (PositionalParamSpec argument : verb.positionalParameters()) {
      if (!PLAIN.contains(argument.paramLabel()) || argument.description().length > 0) {
        item(argument.paramLabel(), description(argument.description()));
      }
    }
    List<OptionSpec> own = VerbHelp.ownOptions(verb);
    own.stream().filter(option -> !isShared(option)).forEach(this::option);
    verb.usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> wrapped("  ", "- Exit code " + code + ": " + meaning));
    if (page.length() == start + 1) {
      page.setLength(start);
    }
    String others =
        own.stream()
            .filter(this::isShared)
            .map(option -> "`" + option.longestName() + "`")
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      page.append("\n");
      wrapped("", "Also: " + others + ".");
    }
    line.getSubcommands().values().forEach(this::verb);
  }

  private void option(OptionSpec option) {
    item(VerbHelp.named(option), description(option.description()));
  }

  private void item(String name, String description) {
    wrapped("  ", "- `" + name + "`: " + description);
  }

  private void wrapped(String indent, String text) {
    int width = 0;
    for (String word : text.split(" ")) {
      if (width > 0 && width + 1 + word.length() > WIDTH) {
        page.append("\n").append(indent);
        width = indent.length();
      } else if (width > 0) {
        page.append(" ");
        width++;
      }
      page.append(word);
      width += word.length();
    }
    page.append("\n");
  }
}
