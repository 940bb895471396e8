package io.meshwork.contract;

import io.meshwork.contract.Rule.Scope;
import io.meshwork.internal.condition.DatasetCondition;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.condition.RuleFault;
import io.meshwork.internal.condition.RuleLiterals;
import io.meshwork.internal.condition.RuleNames;
import io.meshwork.internal.naming.NameGrammar;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the clauses that follow a rule's arguments in its text: in any order, each once. */
final class RuleClauseParser {
  private static final Pattern WORD = Pattern.compile("\\s*([A-Za-z]+)(?=\\s|$)");
  private static final Pattern TOLERANCE =
      Pattern.compile("\\s+<= (\\d{1,18}(?:\\.\\d{1,18})?) (percent|rows)(?=\\s|$)");
  private static final Pattern QUOTE = Pattern.compile("\\s+(?=')");
  private static final Pattern PLAIN = Pattern.compile("\\s+([^\\s']+)(?=\\s|$)");

  private final String text;
  private int position;

  RuleClauseParser(String text, int from) {
    this.text = text;
    this.position = from;
  }

  Rule parseOnto(Rule plain) {
    Rule rule = plain;
    Set<String> clauses = new HashSet<>();
    while (!text.substring(position).isBlank()) {
      int start = position;
      String word = next(WORD, start).group(1);
      if (!clauses.add(word)) {
        throw invalid("it has " + NameGrammar.quoted(word) + " twice", "Use it once.");
      }
      rule =
          switch (word) {
            case "exclusive" -> exclusive(rule);
            case "trimmed" -> trimmed(rule);
            case "zone" -> withZone(rule, quoted(start));
            case "keepLatestBy" -> keepingLatest(rule, next(PLAIN, start).group(1));
            case "scope" -> rule.scopedTo(scope(next(PLAIN, start).group(1)));
            case "where" -> rule.where(quoted(start));
            case "failing" -> withTolerance(rule, next(TOLERANCE, start));
            default -> throw unknownClause(start);
          };
    }
    return rule;
  }

  private static Rule exclusive(Rule rule) {
    if (rule.condition() instanceof RowCondition.Between between) {
      return rule.with(between.exclusively());
    }
    throw RuleFault.of(rule.id(), "only between can be exclusive", "Remove exclusive.");
  }

  private static Rule trimmed(Rule rule) {
    if (rule.condition() instanceof RowCondition.NotMissing missing) {
      return rule.with(new RowCondition.NotMissing(missing.column(), missing.values(), true));
    }
    throw RuleFault.of(rule.id(), "only notMissing can be trimmed", "Remove trimmed.");
  }

  private static Rule withZone(Rule rule, String zone) {
    if (!(rule.condition() instanceof DatasetCondition.Fresh fresh)) {
      throw RuleFault.of(rule.id(), "only fresh has a time zone", "Remove the zone.");
    }
    try {
      return rule.with(new DatasetCondition.Fresh(fresh.column(), fresh.within(), ZoneId.of(zone)));
    } catch (DateTimeException e) {
      throw RuleFault.of(
          rule.id(),
          "'" + NameGrammar.quoted(zone) + "' is not a time zone",
          "Use a name such as Europe/Berlin.");
    }
  }

  private static Rule keepingLatest(Rule rule, String column) {
    if (!(rule.condition() instanceof RuleCondition.Unique unique)) {
      throw RuleFault.of(rule.id(), "only unique supports keepLatestBy", "Remove it.");
    }
    RuleNames.checkColumn(rule.id(), column);
    return rule.with(new RuleCondition.Unique(unique.columns(), column));
  }

  private Matcher next(Pattern pattern, int start) {
    Matcher matcher =
        pattern.matcher(text).region(position, text.length()).useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      throw unknownClause(start);
    }
    position = matcher.end();
    return matcher;
  }

  private String quoted(int start) {
    next(QUOTE, start);
    int from = position;
    int end = endOfQuoted(from);
    if (end < 0 || (end < text.length() && !Character.isWhitespace(text.charAt(end)))) {
      throw unknownClause(start);
    }
    position = end;
    return String.valueOf(RuleLiterals.parse(text.substring(from, end)));
  }

  /** The position after the closing quote; -1 without one. A regex recurses on long strings. */
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
                invalid(
                    "'" + NameGrammar.quoted(word) + "' is not a scope",
                    "Use batch, table, or partition."));
  }

  private Rule withTolerance(Rule rule, Matcher tolerance) {
    BigDecimal number = new BigDecimal(tolerance.group(1));
    if (tolerance.group(2).equals("percent")) {
      return rule.toleratingPercent(number.doubleValue());
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw invalid("the number of tolerated rows is not whole", "Use a whole number.");
    }
    return rule.toleratingRows(number.longValue());
  }

  private RuntimeException unknownClause(int start) {
    return invalid(
        "'" + NameGrammar.quoted(text.substring(start).trim()) + "' follows its arguments",
        "Use exclusive, trimmed, zone '...', keepLatestBy column, scope batch|table|partition,"
            + " where '...', or failing <= N percent|rows.");
  }

  private RuntimeException invalid(String reason, String fix) {
    return RuleFault.of("'" + NameGrammar.quoted(text) + "'", reason, fix);
  }
}
