package io.meshwork.contract;

import io.meshwork.contract.Rule.Kind;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.NearestName;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the text form of a rule; {@link RuleFormatter} writes it. */
final class RuleParser {
  private static final int MAX_LENGTH = 100_000;

  private final String text;
  private String name = "";
  private final List<String> arguments = new ArrayList<>();

  RuleParser(String text) {
    this.text = text;
  }

  Rule rule() {
    if (text == null || text.length() > MAX_LENGTH) {
      throw invalid("it is null or longer than " + MAX_LENGTH + " characters", "Shorten it.");
    }
    int open = text.indexOf('(');
    if (open <= 0) {
      throw invalid("it has no arguments in parentheses", "Use the form kind(column, ...).");
    }
    name = text.substring(0, open).trim();
    if (name.equals(RuleTerms.AT_LEAST) || name.equals(RuleTerms.AT_MOST)) {
      int end = readArguments(open + 1, Kind.BETWEEN);
      requireArguments(2);
      Rule rule = RuleFactory.oneSided(name, arguments.get(0), literalOrOpen(1));
      return new RuleClauseParser(text, end + 1).parseOnto(rule);
    }
    Kind kind =
        RuleFactory.findKind(name)
            .orElseThrow(
                () ->
                    invalid(
                        "'" + NameGrammar.quoted(name) + "' is not a kind of rule",
                        suggestion(name)));
    int close = readArguments(open + 1, kind);
    return new RuleClauseParser(text, close + 1).parseOnto(create(kind));
  }

  private static String suggestion(String name) {
    List<String> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      kinds.add(kind.text());
    }
    kinds.add(RuleTerms.AT_LEAST);
    kinds.add(RuleTerms.AT_MOST);
    return NearestName.ignoringCase(name, kinds)
            .map(near -> "Did you mean '" + near + "'? ")
            .orElse("")
        + "The kinds are "
        + String.join(", ", kinds)
        + ".";
  }

  /**
   * Splits the text in the parentheses into arguments, and returns the position of the closing one.
   * Commas separate arguments, semicolons those of references, except in quotes or nested
   * parentheses.
   */
  private int readArguments(int from, Kind kind) {
    StringBuilder argument = new StringBuilder();
    boolean quoted = false;
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      }
      boolean end = !quoted && depth == 0 && c == ')';
      if (end || (!quoted && depth == 0 && c == (kind == Kind.REFERENCES ? ';' : ','))) {
        arguments.add(argument.toString().trim());
        argument.setLength(0);
        if (end) {
          return i;
        }
        continue;
      }
      if (!quoted) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      }
      argument.append(c);
    }
    throw invalid("its arguments have no end", "Close the parenthesis.");
  }

  private Rule create(Kind kind) {
    return switch (kind) {
      case NOT_NULL -> Rule.notNull(arguments.toArray(String[]::new));
      case UNIQUE -> Rule.unique(arguments.toArray(String[]::new));
      case BETWEEN, MIN, MAX -> {
        requireArguments(3);
        yield RuleFactory.range(kind, arguments.get(0), literalOrOpen(1), literalOrOpen(2));
      }
      case NOT_MISSING, IN_SET, NOT_IN_SET ->
          RuleFactory.valueSet(
              kind,
              arguments.get(0),
              arguments.stream().skip(1).map(RuleLiterals::parse).toArray(Object[]::new));
      case MATCHES -> {
        requireArguments(2);
        yield Rule.matches(
            arguments.get(0), quoted(1, "its expression", "Use the form matches(column, '...')."));
      }
      case LENGTH -> {
        requireArguments(3);
        yield Rule.length(
            arguments.get(0),
            (int) wholeOrOpen(1, 0, Integer.MAX_VALUE),
            (int) wholeOrOpen(2, Integer.MAX_VALUE, Integer.MAX_VALUE));
      }
      case COMPARE -> {
        requireArguments(1);
        yield Rule.compare(arguments.get(0));
      }
      case REFERENCES -> {
        if (arguments.size() != 3) {
          throw invalid(
              "it does not have three parts separated by semicolons",
              "Use the form references(a, b; domain/product; c, d).");
        }
        yield Rule.references(names(0), arguments.get(1), names(2));
      }
      case CUSTOM -> {
        requireArguments(2);
        yield RuleFactory.custom(
            quoted(0, "its name", "Use the form custom('name', 1)."),
            wholeOrOpen(1, 0, Integer.MAX_VALUE));
      }
      case ROW_COUNT -> {
        requireArguments(2);
        yield Rule.rowCount(
            wholeOrOpen(0, 0, Long.MAX_VALUE), wholeOrOpen(1, Long.MAX_VALUE, Long.MAX_VALUE));
      }
      case COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM -> {
        requireArguments(3);
        yield RuleFactory.metricRange(kind, arguments.get(0), number(1), number(2));
      }
      case FRESH -> {
        requireArguments(2);
        yield Rule.fresh(arguments.get(0), duration(1));
      }
      case STEADY -> {
        requireArguments(3);
        yield RuleFactory.steady(arguments.get(0), number(1), wholeOrOpen(2, 0, Integer.MAX_VALUE));
      }
      case SAME_ROW_COUNT -> {
        requireArguments(3);
        yield Rule.sameRowCount(arguments.get(0), number(1), number(2));
      }
      case SAME_SUM -> {
        requireArguments(5);
        yield Rule.sameSum(
            arguments.get(0), arguments.get(1), arguments.get(2), number(3), number(4));
      }
      case TEXT -> {
        requireArguments(1);
        yield Rule.text(quoted(0, "it", "Use the form text('...')."));
      }
    };
  }

  private String quoted(int position, String part, String fix) {
    String token = arguments.get(position);
    if (token.startsWith("'") && RuleLiterals.parse(token) instanceof String string) {
      return string;
    }
    throw invalid(part + " is not in quotes", fix);
  }

  private List<String> names(int position) {
    return Arrays.stream(arguments.get(position).split(",", -1)).map(String::trim).toList();
  }

  private Duration duration(int position) {
    try {
      return Duration.parse(arguments.get(position));
    } catch (DateTimeException e) {
      throw invalid(
          "'" + NameGrammar.quoted(arguments.get(position)) + "' is not a duration",
          "Use a form such as PT1H or P1D.");
    }
  }

  private @Nullable Object literalOrOpen(int position) {
    String token = arguments.get(position);
    return token.isEmpty() ? null : RuleLiterals.parse(token);
  }

  private @Nullable Number number(int position) {
    Object literal = literalOrOpen(position);
    if (literal == null || literal instanceof Number) {
      return (Number) literal;
    }
    throw invalid(
        "'" + NameGrammar.quoted(arguments.get(position)) + "' is not a number",
        "Use a number, or leave the argument empty.");
  }

  private long wholeOrOpen(int position, long open, long max) {
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

  private void requireArguments(int count) {
    if (arguments.size() != count) {
      throw invalid(
          name + " requires " + count + " arguments, but has " + arguments.size(),
          "Leave the argument of an open end empty.");
    }
  }

  private RuntimeException invalid(String reason, String fix) {
    return Rule.invalid("'" + NameGrammar.quoted(String.valueOf(text)) + "'", reason, fix);
  }
}
