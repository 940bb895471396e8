package io.meshwork.cli.internal.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Messages of Meshwork in the words of a terminal: where they name a call, the verb or the option
 * that does the same. The table {@code terminal-words.txt} has one line for each call.
 */
public final class TerminalText {
  /** The arguments of a call: none, {@code ..}, names, or values in quotation marks. */
  private static final String ARGUMENTS = "\\(((?:[^()\"\\n]|\"[^\"\\n]*\")*)\\)";

  /** A call, or several in a row, such as {@code access().tag("commerce/orders").remove(..)}. */
  private static final Pattern CHAIN =
      Pattern.compile(
          "(?<![\\w.])(?:[A-Za-z]\\w*\\.|\\.)?[a-z]\\w*"
              + ARGUMENTS
              + "(?:\\.[a-z]\\w*"
              + ARGUMENTS
              + ")*");

  private static final Pattern LINK = Pattern.compile("([A-Za-z]\\w*)(?:" + ARGUMENTS + ")?");

  /**
   * A place in the words for an argument, such as <code>{grant:PRODUCT}</code>, or <code>
   * {admit2:NAME}</code> for the second one.
   */
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+):([^}]+)}");

  /** What is done to a verb or an option, in place of calling it. */
  private static final Map<String, String> IMPERATIVES =
      Map.of(
          "Call mesh", "Run mesh",
          "call mesh", "run mesh",
          "Commit mesh", "Run mesh",
          "commit mesh", "run mesh",
          "Call --", "Add --",
          "call --", "add --");

  /** Calls that name the product of a rollout, as {@code rollouts(product)} does. */
  private static final Set<String> ROLLOUTS = Set.of("rollout", "termsAmendment", "productEnd");

  private static final Pattern TO_CALL = Pattern.compile("\\b([Cc]all|[Cc]ommit) (mesh|--)");

  private static final Pattern COMMIT_AGAIN = Pattern.compile("\\b[Cc]ommit (?:it )?again\\b");

  /** An idempotency key in a message, which may look like a call. */
  private static final Pattern KEY = Pattern.compile("with the key '.*', which", Pattern.DOTALL);

  private static final TerminalText WORDS = read();

  private final Map<String, String> phrases = new LinkedHashMap<>();
  private final Map<String, String> calls = new TreeMap<>();

  private TerminalText() {}

  /** Returns a message with the verbs and options of the terminal in place of calls. */
  public static String of(String message) {
    Matcher key = KEY.matcher(message);
    if (key.find()) {
      return of(message.substring(0, key.start())) + key.group() + of(message.substring(key.end()));
    }
    String again = COMMIT_AGAIN.matcher(message).replaceAll(TerminalText::runAgain);
    return WORDS.translated(again);
  }

  private static String runAgain(MatchResult match) {
    return match.group().startsWith("C") ? "Run it again" : "run it again";
  }

  /** Returns the words for each call or phrase of the table. */
  public static Map<String, String> table() {
    Map<String, String> all = new LinkedHashMap<>(WORDS.phrases);
    all.putAll(WORDS.calls);
    return all;
  }

  private static TerminalText read() {
    TerminalText words = new TerminalText();
    try (InputStream table =
            Objects.requireNonNull(TerminalText.class.getResourceAsStream("terminal-words.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int split = line.startsWith("#") ? -1 : line.indexOf(" =>");
        if (split > 0) {
          String call = line.substring(0, split);
          String same = line.substring(Math.min(split + 4, line.length()));
          (call.matches("[\\w.]+") ? words.calls : words.phrases).put(call, same);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return words;
  }

  private String translated(String message) {
    String text = message;
    for (Map.Entry<String, String> phrase : phrases.entrySet()) {
      text = text.replace(phrase.getKey(), phrase.getValue());
    }
    if (message.indexOf('(') < 0) {
      return text;
    }
    text = CHAIN.matcher(text).replaceAll(chain -> Matcher.quoteReplacement(words(chain)));
    return TO_CALL.matcher(text).replaceAll(call -> IMPERATIVES.get(call.group()));
  }

  /** Returns the words for the longest part of a chain that the table has, or the chain itself. */
  private String words(MatchResult chain) {
    List<String> names = new ArrayList<>();
    Map<String, String> arguments = new LinkedHashMap<>();
    Matcher link = LINK.matcher(chain.group());
    while (link.find()) {
      names.add(link.group(1));
      String[] parts = link.group(2) == null ? new String[0] : link.group(2).split(",", -1);
      for (int i = 0; i < parts.length; i++) {
        String argument = parts[i].strip();
        if (argument.startsWith("\"") || argument.matches("\\d+")) {
          arguments.put(link.group(1) + (i == 0 ? "" : i + 1), argument.replace("\"", ""));
          if (i == 0 && ROLLOUTS.contains(link.group(1))) {
            arguments.putIfAbsent("rollouts", argument.replace("\"", ""));
          }
        }
      }
    }
    for (int length = names.size(); length > 0; length--) {
      for (int from = names.size() - length; from >= 0; from--) {
        String call = calls.get(String.join(".", names.subList(from, from + length)));
        if (call != null) {
          boolean option = length == 1 && call.startsWith("--");
          return withArguments(option ? options(names) : call, arguments);
        }
      }
    }
    return chain.group();
  }

  /**
   * Returns all options of a chain, such as {@code onlyMajorVersion(2).because(..)}, after its verb
   * if it begins with one.
   */
  private String options(List<String> names) {
    String first = calls.getOrDefault(names.get(0), "");
    String verb = first.startsWith("mesh ") ? first : "";
    String options =
        names.stream()
            .map(name -> calls.getOrDefault(name, ""))
            .filter(words -> words.startsWith("--") && !verb.contains(words))
            .collect(Collectors.joining(" "));
    return (verb + " " + options).strip();
  }

  private static String withArguments(String words, Map<String, String> arguments) {
    return PLACE
        .matcher(words)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(arguments.getOrDefault(place.group(1), place.group(2))));
  }
}
