package io.meshwork.contract;

import io.meshwork.contract.Rule.Kind;
import io.meshwork.internal.naming.NameGrammar;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the text form of a rule; {@link RuleText} writes it. */
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
      throw refused("it is null or longer than " + MAX_LENGTH + " characters", "Shorten it.");
    }
    int open = text.indexOf('(');
    if (open <= 0) {
      throw refused("it has no arguments in parentheses", "Write kind(column, ...).");
    }
    name = text.substring(0, open).trim();
    if (name.equals(RuleTerms.AT_LEAST) || name.equals(RuleTerms.AT_MOST)) {
      int end = readArguments(open + 1, Kind.BETWEEN);
      expect(2);
      Rule rule = RuleFactory.oneSided(name, arguments.get(0), literalOrOpen(1));
      return new RuleDetails(text, end + 1).added(rule);
    }
    Kind kind =
        RuleFactory.kind(name)
            .orElseThrow(
                () ->
                    refused(
                        "there is no kind '" + NameGrammar.quoted(name) + "'",
                        "Use one of "
                            + Arrays.stream(Kind.values())
                                .map(Kind::text)
                                .collect(Collectors.joining(", "))
                            + ", atLeast, atMost."));
    int close = readArguments(open + 1, kind);
    return new RuleDetails(text, close + 1).added(made(kind));
  }

  /**
   * Splits what stands in the parentheses, and says where they end. Commas part arguments, and
   * semicolons those of references; neither does so in quotes or further parentheses.
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
    throw refused("its arguments do not end", "Close the parenthesis.");
  }

  private Rule made(Kind kind) {
    return switch (kind) {
      case NOT_NULL -> Rule.notNull(arguments.toArray(String[]::new));
      case UNIQUE -> Rule.unique(arguments.toArray(String[]::new));
      case BETWEEN, MIN, MAX -> {
        expect(3);
        yield RuleFactory.ranged(kind, arguments.get(0), literalOrOpen(1), literalOrOpen(2));
      }
      case NOT_MISSING, IN_SET, NOT_IN_SET ->
          RuleFactory.ofValues(
              kind,
              arguments.get(0),
              arguments.stream().skip(1).map(RuleLiterals::parse).toArray(Object[]::new));
      case MATCHES -> {
        expect(2);
        yield Rule.matches(
            arguments.get(0), quoted(1, "its expression", "Write matches(column, '...')."));
      }
      case LENGTH -> {
        expect(3);
        yield Rule.length(
            arguments.get(0),
            (int) wholeOrOpen(1, 0, Integer.MAX_VALUE),
            (int) wholeOrOpen(2, Integer.MAX_VALUE, Integer.MAX_VALUE));
      }
      case COMPARE -> {
        expect(1);
        yield Rule.compare(arguments.get(0));
      }
      case REFERENCES -> {
        if (arguments.size() != 3) {
          throw refused(
              "it has not three parts between semicolons",
              "Write references(a, b; domain/product; c, d).");
        }
        yield Rule.references(names(0), arguments.get(1), names(2));
      }
      case CUSTOM -> {
        expect(2);
        yield RuleFactory.custom(
            quoted(0, "its name", "Write custom('name', 1)."),
            wholeOrOpen(1, 0, Integer.MAX_VALUE));
      }
      case ROW_COUNT -> {
        expect(2);
        yield Rule.rowCount(
            wholeOrOpen(0, 0, Long.MAX_VALUE), wholeOrOpen(1, Long.MAX_VALUE, Long.MAX_VALUE));
      }
      case COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM -> {
        expect(3);
        yield RuleFactory.measured(kind, arguments.get(0), number(1), number(2));
      }
      case FRESH -> {
        expect(2);
        yield Rule.fresh(arguments.get(0), duration(1));
      }
      case STEADY -> {
        expect(3);
        yield RuleFactory.steady(arguments.get(0), number(1), wholeOrOpen(2, 0, Integer.MAX_VALUE));
      }
      case SAME_ROW_COUNT -> {
        expect(3);
        yield Rule.sameRowCount(arguments.get(0), number(1), number(2));
      }
      case SAME_SUM -> {
        expect(5);
        yield Rule.sameSum(
            arguments.get(0), arguments.get(1), arguments.get(2), number(3), number(4));
      }
      case TEXT -> {
        expect(1);
        yield Rule.text(quoted(0, "it", "Write text('...')."));
      }
    };
  }

  private String quoted(int position, String what, String fix) {
    String token = arguments.get(position);
    if (token.startsWith("'") && RuleLiterals.parse(token) instanceof String string) {
      return string;
    }
    throw refused(what + " is not in quotes", fix);
  }

  private List<String> names(int position) {
    return Arrays.stream(arguments.get(position).split(",", -1)).map(String::trim).toList();
  }

  private Duration duration(int position) {
    try {
      return Duration.parse(arguments.get(position));
    } catch (DateTimeException e) {
      throw refused(
          "'" + NameGrammar.quoted(arguments.get(position)) + "' is no duration",
          "Write it as PT1H or P1D.");
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
    throw refused(
        "'" + NameGrammar.quoted(arguments.get(position)) + "' is no number",
        "Write one, or nothing.");
  }

  private long wholeOrOpen(int position, long open, long most) {
    String token = arguments.get(position);
    if (token.isEmpty()) {
      return open;
    }
    if (RuleLiterals.parse(token) instanceof BigDecimal number
        && number.scale() <= 0
        && number.signum() >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
      return number.longValue();
    }
    throw refused(
        "'" + NameGrammar.quoted(token) + "' is no count", "Write a whole number from 0.");
  }

  private void expect(int count) {
    if (arguments.size() != count) {
      throw refused(
          name + " takes " + count + " arguments and has " + arguments.size(),
          "Write an open end as nothing after the comma.");
    }
  }

  private RuntimeException refused(String why, String fix) {
    return Rule.refused("'" + NameGrammar.quoted(String.valueOf(text)) + "'", why, fix);
  }
}
