package io.meshwork.odcs.internal.dqdl;

import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Field;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport.RejectedRuleException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of {@code CustomSql} that an export writes. No other SQL is read. Stateless. */
final class DqdlSql {
  private static final String COUNT = "select count\\(\\*\\) from primary where ";
  private static final Pattern NAN = Pattern.compile(COUNT + "isnan\\(`([^`]+)`\\)");
  private static final Pattern COMPARED =
      Pattern.compile(COUNT + "not \\(`([^`]+)` (<>|<=|>=|=|<|>) `([^`]+)`\\)");
  private static final Pattern RECENT =
      Pattern.compile(
          COUNT + "`([^`]+)` >= current_timestamp\\(\\) - interval '([0-9]{1,12})' second");

  private DqdlSql() {}

  /** Returns the column that must not contain NaN, if that is what the rule says. */
  static Optional<String> nanColumn(DqdlRule rule) {
    Matcher matcher = NAN.matcher(sql(rule));
    return matcher.matches() && requires(rule, "=")
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  static Rule rule(DqdlRule rule, DqdlColumns columns)
      throws InexpressibleException, RejectedRuleException {
    Matcher compared = COMPARED.matcher(sql(rule));
    if (compared.matches() && requires(rule, "=")) {
      Field left = columns.require(compared.group(1));
      Field right = columns.require(compared.group(3));
      String operator = compared.group(2).equals("<>") ? "!=" : compared.group(2);
      return Rule.compare(left.name() + " " + operator + " " + right.name());
    }
    Matcher recent = RECENT.matcher(sql(rule));
    if (recent.matches() && requires(rule, ">")) {
      return Rule.fresh(
          columns.require(recent.group(1)).name(),
          Duration.ofSeconds(Long.parseLong(recent.group(2))));
    }
    throw new InexpressibleException("SQL of another engine");
  }

  private static String sql(DqdlRule rule) {
    boolean custom = rule.type().equals("CustomSql") && rule.parameters().size() == 1;
    return custom && rule.where().isEmpty() && rule.tags().isEmpty()
        ? rule.parameters().get(0)
        : "";
  }

  private static boolean requires(DqdlRule rule, String operator) {
    DqdlCondition condition = rule.condition();
    return condition != null
        && condition.operator().equals(operator)
        && BigDecimal.ZERO.equals(condition.operand().number());
  }
}
