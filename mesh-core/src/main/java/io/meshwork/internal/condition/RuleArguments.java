package io.meshwork.internal.condition;

import io.meshwork.internal.naming.NameGrammar;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments in the parentheses of a rule's text, from which a kind reads its condition. An
 * empty argument is an open end.
 */
final class RuleArguments {
  private final String text;
  private final String name;
  private final int from;
  private final int end;
  private final List<String> arguments;

  private RuleArguments(String text, String name, int from, int end, char separator) {
    this.text = text;
    this.name = name;
    this.from = from;
    this.end = end;
    this.arguments = split(text.substring(from, end), separator);
  }

  /**
   * Reads arguments that commas separate, except in quotes or nested parentheses.
   *
   * @param text the rule's text
   * @param name its name
   * @param from the position after the opening parenthesis
   */
  static RuleArguments read(String text, String name, int from) {
    return new RuleArguments(text, name, from, end(text, from), ',');
  }

  /** Returns the same arguments, separated by another character. */
  RuleArguments separatedBy(char separator) {
    return new RuleArguments(text, name, from, end, separator);
  }

  private static int end(String text, int from) {
    boolean quoted = false;
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')' && depth-- == 0) {
        return i;
      }
    }
    throw ConditionParser.invalid(text, "its arguments have no end", "Close the parenthesis.");
  }

  private static List<String> split(String inner, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int depth = 0;
    int start = 0;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && depth == 0 && c == separator) {
        parts.add(inner.substring(start, i).trim());
        start = i + 1;
      } else if (!quoted) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      }
    }
    parts.add(inner.substring(start).trim());
    return parts;
  }

  /** Returns the name before the parenthesis. */
  String name() {
    return name;
  }

  /** Returns the position of the closing parenthesis. */
  int end() {
    return end;
  }

  /** Returns all arguments unchanged. */
  List<String> all() {
    return arguments;
  }

  /** Returns an argument unchanged. */
  String get(int position) {
    return arguments.get(position);
  }

  /** Fails unless this is the number of arguments. */
  void require(int count) {
    if (arguments.size() != count) {
      throw invalid(
          name + " requires " + count + " arguments, but has " + arguments.size(),
          "Leave the argument of an open end empty.");
    }
  }

  /** Returns the literals from a position on. */
  List<@Nullable Object> literals(int first) {
    List<@Nullable Object> literals = new ArrayList<>();
    arguments.stream().skip(first).forEach(token -> literals.add(RuleLiterals.parse(token)));
    return literals;
  }

  /** Returns a literal; null for an open end. */
  @Nullable Object literal(int position) {
    String token = arguments.get(position);
    return token.isEmpty() ? null : RuleLiterals.parse(token);
  }

  /** Returns a number; null for an open end. */
  @Nullable Number number(int position) {
    Object literal = literal(position);
    if (literal == null || literal instanceof Number) {
      return (Number) literal;
    }
    throw invalid(
        "'" + NameGrammar.quoted(arguments.get(position)) + "' is not a number",
        "Use a number, or leave the argument empty.");
  }

  /**
   * Returns a whole number from 0.
   *
   * @param open the number for an open end
   */
  long whole(int position, long open, long max) {
    String token = arguments.get(position);
    if (token.isEmpty()) {
      return open;
    }
    if (RuleLiterals.parse(token) instanceof BigDecimal number
        && number.scale() <= 0
        && number.signum() >= 0
        && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
      return number.longValue();
    }
    throw invalid(
        "'" + NameGrammar.quoted(token) + "' is not a count", "Use a whole number from 0.");
  }

  /** As {@link #whole}, for numbers that an int can hold. */
  int small(int position, int open) {
    return (int) whole(position, open, Integer.MAX_VALUE);
  }

  Duration duration(int position) {
    try {
      return Duration.parse(arguments.get(position));
    } catch (DateTimeException e) {
      throw invalid(
          "'" + NameGrammar.quoted(arguments.get(position)) + "' is not a duration",
          "Use a form such as PT1H or P1D.");
    }
  }

  /** Returns names that commas separate. */
  List<String> names(int position) {
    return Arrays.stream(arguments.get(position).split(",", -1)).map(String::trim).toList();
  }

  /**
   * Returns a quoted string.
   *
   * @param part what it is, for the error
   */
  String quoted(int position, String part, String fix) {
    String token = arguments.get(position);
    if (token.startsWith("'") && RuleLiterals.parse(token) instanceof String string) {
      return string;
    }
    throw invalid(part + " is not in quotes", fix);
  }

  /** Returns the error of arguments that are malformed. */
  RuntimeException invalid(String reason, String fix) {
    return ConditionParser.invalid(text, reason, fix);
  }
}
