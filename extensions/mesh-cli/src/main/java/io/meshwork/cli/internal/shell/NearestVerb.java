package io.meshwork.cli.internal.shell;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The verb that a misspelt word means, and messages about arguments that do not fit. */
public final class NearestVerb {
  /** Words of other tools, and the verb that does this here. */
  static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("acknowledge", "ack"),
          Map.entry("bookmark", "subscribe"),
          Map.entry("check", "health"),
          Map.entry("compact", "maintain"),
          Map.entry("consume", "poll"),
          Map.entry("create", "product define"),
          Map.entry("define", "product define"),
          Map.entry("delete", "erase"),
          Map.entry("download", "export"),
          Map.entry("gc", "maintain"),
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
    int fewest = Math.max(2, word.length() / 3) + 1;
    for (String verb : verbs) {
      int edits = edits(word, verb);
      if (edits < fewest) {
        nearest = Optional.of(verb);
        fewest = edits;
      }
    }
    return nearest;
  }

  /** Returns the sentence that a word is not a verb, with the nearest one. */
  public static String unknown(String word, String where, Collection<String> verbs) {
    return "'"
        + word
        + "' is not a verb"
        + where
        + "."
        + Optional.ofNullable(where.isEmpty() ? SYNONYMS.get(word) : null)
            .or(() -> of(word, verbs).filter(verb -> !verb.equals(word)))
            .map(verb -> " Did you mean '" + verb + "'?")
            .orElse("");
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
    return unknown(first, at.getParent() == null ? "" : " of '" + command + "'", verbs);
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
