package io.meshwork.contract;

import io.meshwork.product.Names;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the text form of a rule. */
final class RuleParser {
  private static final int MAX_LENGTH = 100_000;
  private static final Set<String> NOT_ENFORCED =
      Set.of(
          "notMissing",
          "notInSet",
          "custom",
          "references",
          "completeness",
          "distinctCount",
          "mean",
          "stddev",
          "sum",
          "min",
          "max",
          "fresh",
          "steady",
          "sameRowCount",
          "sameSum",
          "text");
  private static final Pattern TOLERANCE =
      Pattern.compile("failing <= (\\d{1,18}(?:\\.\\d{1,18})?) (percent|rows)");

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
    if (NOT_ENFORCED.contains(name)) {
      throw refused("rules of kind " + name + " are not enforced yet", "Leave it out.");
    }
    int close = readArguments(open + 1);
    return details(made(), text.substring(close + 1).trim());
  }

  private int readArguments(int from) {
    StringBuilder argument = new StringBuilder();
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      }
      if (!quoted && (c == ',' || c == ')')) {
        arguments.add(argument.toString().trim());
        argument.setLength(0);
        if (c == ')') {
          return i;
        }
      } else {
        argument.append(c);
      }
    }
    throw refused("its arguments do not end", "Close the parenthesis.");
  }

  private Rule made() {
    Rule.Kind kind =
        Arrays.stream(Rule.Kind.values())
            .filter(k -> k.text().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        "there is no kind '" + Names.shown(name) + "'",
                        "Use one of "
                            + Arrays.stream(Rule.Kind.values())
                                .map(Rule.Kind::text)
                                .collect(Collectors.joining(", "))
                            + "."));
    return switch (kind) {
      case NOT_NULL -> Rule.notNull(arguments.toArray(String[]::new));
      case UNIQUE -> Rule.unique(arguments.toArray(String[]::new));
      case BETWEEN -> {
        expect(3);
        yield Rule.between(arguments.get(0), literalOrOpen(1), literalOrOpen(2));
      }
      case IN_SET ->
          Rule.inSet(
              arguments.get(0),
              arguments.stream().skip(1).map(Literals::parse).toArray(Object[]::new));
      case MATCHES -> {
        expect(2);
        if (!(Literals.parse(arguments.get(1)) instanceof String regex)) {
          throw refused("its expression is not in quotes", "Write matches(column, '...').");
        }
        yield Rule.matches(arguments.get(0), regex);
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
      case ROW_COUNT -> {
        expect(2);
        yield Rule.rowCount(
            wholeOrOpen(0, 0, Long.MAX_VALUE), wholeOrOpen(1, Long.MAX_VALUE, Long.MAX_VALUE));
      }
    };
  }

  private Rule details(Rule plain, String rest) {
    Rule rule = plain;
    String left = rest;
    if (left.equals("exclusive") || left.startsWith("exclusive ")) {
      rule = rule.exclusive();
      left = left.substring("exclusive".length()).trim();
    }
    if (left.startsWith("where ")) {
      throw refused("a filter (where) is not enforced yet", "Leave it out.");
    }
    if (left.isEmpty()) {
      return rule;
    }
    Matcher tolerance = TOLERANCE.matcher(left);
    if (!tolerance.matches()) {
      throw refused(
          "'" + Names.shown(left) + "' follows its arguments",
          "Only exclusive and failing <= N percent|rows may follow.");
    }
    BigDecimal number = new BigDecimal(tolerance.group(1));
    if (tolerance.group(2).equals("percent")) {
      return rule.toleratingPercent(number.doubleValue());
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw refused("rows are tolerated whole", "Write a whole number.");
    }
    return rule.toleratingRows(number.longValue());
  }

  private @Nullable Object literalOrOpen(int position) {
    String token = arguments.get(position);
    return token.isEmpty() ? null : Literals.parse(token);
  }

  private long wholeOrOpen(int position, long open, long most) {
    String token = arguments.get(position);
    if (token.isEmpty()) {
      return open;
    }
    if (Literals.parse(token) instanceof BigDecimal number
        && number.scale() <= 0
        && number.signum() >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
      return number.longValue();
    }
    throw refused("'" + Names.shown(token) + "' is no count", "Write a whole number from 0.");
  }

  private void expect(int count) {
    if (arguments.size() != count) {
      throw refused(
          name + " takes " + count + " arguments and has " + arguments.size(),
          "Write an open end as nothing after the comma.");
    }
  }

  private RuntimeException refused(String why, String mend) {
    return Rule.refused("'" + Names.shown(String.valueOf(text)) + "'", why, mend);
  }
}
