package io.meshwork.cli.internal.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The verb that a misspelt word means, and messages about arguments that do not fit. */
public final class NearestVerb {
  /** Words of other tools, and the verb that does this here. */
  static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("acknowledge", "ack"),
          Map.entry("bookmark", "subscribe"),
          Map.entry("cat", "read"),
          Map.entry("check", "health"),
          Map.entry("compact", "maintain"),
          Map.entry("consume", "poll"),
          Map.entry("create", "product define"),
          Map.entry("define", "product define"),
          Map.entry("delete", "erase"),
          Map.entry("download", "export"),
          Map.entry("drop", "product close"),
          Map.entry("gc", "maintain"),
          Map.entry("get", "read"),
          Map.entry("head", "read"),
          Map.entry("import", "onboard"),
          Map.entry("info", "describe"),
          Map.entry("list", "search"),
          Map.entry("load", "publish"),
          Map.entry("ls", "search"),
          Map.entry("migrate", "rollout"),
          Map.entry("notify", "deliver"),
          Map.entry("preview", "publish --plan"),
          Map.entry("propose", "product propose"),
          Map.entry("register", "onboard"),
          Map.entry("retry", "republish"),
          Map.entry("revert", "rollback"),
          Map.entry("show", "describe"),
          Map.entry("status", "health"),
          Map.entry("sync", "mirror"),
          Map.entry("undo", "rollback"),
          Map.entry("upload", "publish"),
          Map.entry("validate", "publish --plan"),
          Map.entry("whatif", "grant --what-if"));

  private NearestVerb() {}

  /** Returns the verb that differs least from a word; empty if none is similar. */
  public static Optional<String> of(String word, Collection<String> verbs) {
    Optional<String> nearest = Optional.empty();
    int most = word.length() < 4 ? 1 : Math.max(2, word.length() / 3);
    int fewest = most + 1;
    for (String verb : verbs) {
      int edits = edits(word, verb);
      if (edits < fewest) {
        nearest = Optional.of(verb);
        fewest = edits;
      }
    }
    return nearest;
  }

  /** Returns the sentence that a word is not a verb of the older form, with the nearest one. */
  public static String unknown(String word, Collection<String> verbs) {
    return "'"
        + word
        + "' is not a verb."
        + meant(word, verbs, true).map(NearestVerb::didYouMean).orElse("");
  }

  private static Optional<String> meant(String word, Collection<String> verbs, boolean isFirst) {
    return Optional.ofNullable(isFirst ? SYNONYMS.get(word) : null)
        .or(() -> of(word, verbs).filter(verb -> !verb.equals(word)));
  }

  private static String didYouMean(String command) {
    return " Did you mean '" + command + "'?";
  }

  /**
   * Returns what is wrong with the words that should be verbs; empty if they are, or if a product
   * follows. The parser would take a later word for the verb: {@code rolout plan} for {@code plan}.
   *
   * @param program the command without verbs
   * @param isQuestion true for a verb that changes nothing
   */
  public static Optional<ParameterException> fault(
      CommandLine program, Predicate<CommandLine> isQuestion, String... arguments) {
    List<String> words = words(program, arguments);
    CommandLine at = program;
    int next = 0;
    for (; next < words.size(); next++) {
      CommandLine verb = at.getSubcommands().get(words.get(next));
      if (verb == null) {
        break;
      }
      at = verb;
    }
    List<String> rest = words.subList(next, words.size());
    if (rest.isEmpty() || rest.get(0).contains("/")) {
      return Optional.empty();
    } else if (!at.getSubcommands().isEmpty()
        && (!takesFolder(at) || of(rest.get(0), at.getSubcommands().keySet()).isPresent())) {
      return Optional.of(new ParameterException(at, unknown(at, rest)));
    }
    return takesProduct(at) && isQuestion.test(at)
        ? Optional.of(new ParameterException(at, noProduct(at, rest)))
        : Optional.empty();
  }

  /** True for a group that is a verb, too, such as {@code mesh portal FOLDER}. */
  private static boolean takesFolder(CommandLine group) {
    List<PositionalParamSpec> places = group.getCommandSpec().positionalParameters();
    return !places.isEmpty() && places.get(0).paramLabel().equals("FOLDER");
  }

  private static boolean takesProduct(CommandLine verb) {
    List<PositionalParamSpec> places = verb.getCommandSpec().positionalParameters();
    return !places.isEmpty() && places.get(0).paramLabel().equals("PRODUCT");
  }

  private static String noProduct(CommandLine verb, List<String> words) {
    return "'"
        + words.get(0)
        + "' is neither a verb nor a product, such as commerce/orders."
        + didYouMean(
            verb.getCommandSpec().qualifiedName()
                + " "
                + words.stream().filter(word -> word.contains("/")).findFirst().orElse("PRODUCT"));
  }

  /** Returns the words before the first option of a verb, without the options of all verbs. */
  private static List<String> words(CommandLine program, String... arguments) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      OptionSpec option = program.getCommandSpec().findOption(argument.split("=", 2)[0]);
      if (!argument.startsWith("-")) {
        words.add(argument);
      } else if (option == null) {
        return words;
      } else if (option.arity().max() > 0 && !argument.contains("=")) {
        i++;
      }
    }
    return words;
  }

  private static String unknown(CommandLine group, List<String> words) {
    String command = group.getCommandSpec().qualifiedName();
    boolean isFirst = group.getParent() == null;
    StringBuilder message = new StringBuilder("'" + words.get(0) + "' is not a verb");
    message.append(isFirst ? "." : " of '" + command + "'.");
    Map<String, CommandLine> verbs = group.getSubcommands();
    Map<String, String> others = isFirst ? verbsOfGroups(verbs) : Map.of();
    Optional.ofNullable(SYNONYMS.containsKey(words.get(0)) ? null : others.get(words.get(0)))
        .or(() -> meant(words.get(0), verbs.keySet(), isFirst))
        .or(() -> onlyOneThatStarts(words.get(0), verbs.keySet()))
        .or(() -> of(words.get(0), others.keySet()).map(others::get))
        .map(verb -> command + " " + verb + within(verbs.get(verb), words))
        .ifPresent(verb -> message.append(didYouMean(verb)));
    return message.toString();
  }

  /** Returns each verb that one group alone has, with its group before it. */
  private static Map<String, String> verbsOfGroups(Map<String, CommandLine> groups) {
    Map<String, String> verbs = new TreeMap<>();
    Set<String> ofSeveral = new HashSet<>();
    groups.forEach(
        (group, command) -> {
          for (String verb : command.getSubcommands().keySet()) {
            if (verbs.put(verb, group + " " + verb) != null) {
              ofSeveral.add(verb);
            }
          }
        });
    verbs.keySet().removeAll(ofSeveral);
    return verbs;
  }

  private static Optional<String> onlyOneThatStarts(String word, Collection<String> verbs) {
    List<String> all = verbs.stream().filter(verb -> verb.startsWith(word)).toList();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** Returns the verb of a group that the second word means, after a space. */
  private static String within(@Nullable CommandLine group, List<String> words) {
    return group == null || words.size() < 2
        ? ""
        : of(words.get(1), group.getSubcommands().keySet()).map(verb -> " " + verb).orElse("");
  }

  /** Returns what is wrong with a command line. */
  public static String message(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return String.valueOf(error.getMessage());
    }
    CommandLine at = unmatched.getCommandLine();
    String command = at.getCommandSpec().qualifiedName();
    List<String> words = unmatched.getUnmatched();
    String first = words.get(0);
    Set<String> verbs = at.getSubcommands().keySet();
    if (first.startsWith("-") && first.length() > 1) {
      String name = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
      return "'"
          + command
          + "' has no option "
          + name
          + "."
          + of(name, at.getCommandSpec().optionsMap().keySet())
              .map(option -> " Did you mean " + option + "?")
              .orElse("");
    } else if (verbs.isEmpty()) {
      return "'" + command + "' has no argument '" + first + "'.";
    }
    return unknown(at, List.of(first));
  }

  /** Returns the Levenshtein distance, in characters. */
  private static int edits(String one, String other) {
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
