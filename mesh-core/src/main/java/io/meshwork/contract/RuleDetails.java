package io.meshwork.contract;

import io.meshwork.contract.Rule.Scope;
import io.meshwork.internal.naming.NameGrammar;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What follows a rule's arguments in its text, in any order, each once. */
final class RuleDetails {
  private static final Pattern WORD = Pattern.compile("\\s*([A-Za-z]+)(?=\\s|$)");
  private static final Pattern TOLERANCE =
      Pattern.compile("\\s+<= (\\d{1,18}(?:\\.\\d{1,18})?) (percent|rows)(?=\\s|$)");
  private static final Pattern QUOTE = Pattern.compile("\\s+(?=')");
  private static final Pattern PLAIN = Pattern.compile("\\s+([^\\s']+)(?=\\s|$)");

  private final String text;
  private int at;

  RuleDetails(String text, int from) {
    this.text = text;
    this.at = from;
  }

  Rule added(Rule plain) {
    Rule rule = plain;
    Set<String> said = new HashSet<>();
    while (!text.substring(at).isBlank()) {
      int start = at;
      String word = next(WORD, start).group(1);
      if (!said.add(word)) {
        throw refused("it says " + NameGrammar.quoted(word) + " twice", "Say it once.");
      }
      rule =
          switch (word) {
            case "exclusive" -> rule.exclusive();
            case "trimmed" -> rule.trimmed();
            case "zone" -> rule.zone(quoted(start));
            case "keepLatestBy" -> rule.keepLatestBy(next(PLAIN, start).group(1));
            case "scope" -> rule.scope(scope(next(PLAIN, start).group(1)));
            case "where" -> rule.where(quoted(start));
            case "failing" -> tolerating(rule, next(TOLERANCE, start));
            default -> throw unknown(start);
          };
    }
    return rule;
  }

  private Matcher next(Pattern pattern, int start) {
    Matcher matcher = pattern.matcher(text).region(at, text.length()).useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      throw unknown(start);
    }
    at = matcher.end();
    return matcher;
  }

  private String quoted(int start) {
    next(QUOTE, start);
    int from = at;
    int end = endOfQuoted(from);
    if (end < 0 || (end < text.length() && !Character.isWhitespace(text.charAt(end)))) {
      throw unknown(start);
    }
    at = end;
    return String.valueOf(RuleLiterals.parse(text.substring(from, end)));
  }

  /** Behind the closing quote; -1 if there is none. An expression would recurse over long texts. */
  private int endOfQuoted(int from) {
    for (int i = text.indexOf('\'', from + 1); i >= 0; i = text.indexOf('\'', i + 2)) {
      if (i + 1 == text.length() || text.charAt(i + 1) != '\'') {
        return i + 1;
      }
    }
    return -1;
  }

  private Scope scope(String word) {
    return Arrays.stream(Scope.values())
        .filter(scope -> scope.text().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "there is no scope '" + NameGrammar.quoted(word) + "'",
                    "Use batch, table or partition."));
  }

  private Rule tolerating(Rule rule, Matcher tolerance) {
    BigDecimal number = new BigDecimal(tolerance.group(1));
    if (tolerance.group(2).equals("percent")) {
      return rule.toleratingPercent(number.doubleValue());
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw refused("rows are tolerated whole", "Write a whole number.");
    }
    return rule.toleratingRows(number.longValue());
  }

  private RuntimeException unknown(int start) {
    return refused(
        "'" + NameGrammar.quoted(text.substring(start).trim()) + "' follows its arguments",
        "Only exclusive, trimmed, zone '...', keepLatestBy column, scope batch|table|partition,"
            + " where '...' and failing <= N percent|rows may follow.");
  }

  private RuntimeException refused(String why, String fix) {
    return Rule.refused("'" + NameGrammar.quoted(text) + "'", why, fix);
  }
}
