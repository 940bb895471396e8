package io.meshwork.odcs.internal.dqdl;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.dqdl.DqdlRuleset;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Field;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Kind;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Rules on the values of one column: lists, ranges, and expressions. Stateless. */
final class DqdlValues {
  /** What DQDL reads as a date or a time, also for a column with text. */
  private static final Pattern DATE_OR_TIME =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}|\\d{1,2}:\\d{2}( AM| PM)?");

  /** What an export puts around an expression for the whole value. */
  private static final String WHOLE = "(?d)^(?:";

  private static final String WHOLE_END = ")(?![^a]|a)";
  private static final String ANY = "(?:.|\\n)*";
  private static final Contract TEXTS =
      Contract.of(SchemaBuilder.record("Texts").fields().requiredString("text").endRecord());

  private DqdlValues() {}

  /** Returns the rule of a condition, without its filter and its tolerance. */
  static Rule.OnRows rule(Field column, DqdlCondition condition) throws InexpressibleException {
    if (condition.isDynamic()) {
      throw new InexpressibleException("its condition is calculated when the rule runs");
    }
    String name = column.name();
    return switch (condition.operator()) {
      case "in", "=" -> Rule.inSet(name, list(column, condition, false));
      case "not in", "!=" -> notIn(column, condition);
      case ">=" -> Rule.atLeast(name, end(column, condition.operand()));
      case "<=" -> Rule.atMost(name, end(column, condition.operand()));
      case ">" -> Rule.greaterThan(name, end(column, condition.operand()));
      case "<" -> Rule.lessThan(name, end(column, condition.operand()));
      case "between" ->
          Rule.betweenExclusive(name, first(column, condition), last(column, condition));
      case DqdlRange.WITHIN ->
          Rule.between(name, first(column, condition), last(column, condition));
      case "matches" -> Rule.matches(name, expression(column, condition.operand().raw()));
      default ->
          throw new InexpressibleException("no rule has the condition " + condition.operator());
    };
  }

  private static Rule.OnRows notIn(Field column, DqdlCondition condition)
      throws InexpressibleException {
    @Nullable Object[] values = list(column, condition, true);
    return values.length == 1 && values[0] == null
        ? Rule.notNull(column.name())
        : Rule.notInSet(column.name(), values);
  }

  private static Object first(Field column, DqdlCondition condition) throws InexpressibleException {
    return end(column, condition.operand());
  }

  private static Object last(Field column, DqdlCondition condition) throws InexpressibleException {
    return end(column, condition.operands().get(1));
  }

  /** Returns true if a null passes the condition. */
  static boolean allowsNulls(DqdlCondition condition) {
    boolean listed = condition.operands().stream().anyMatch(each -> each.is(DqdlOperand.Kind.NULL));
    return condition.isNegated() || listed;
  }

  private static @Nullable Object[] list(Field column, DqdlCondition condition, boolean keepsNull)
      throws InexpressibleException {
    List<@Nullable Object> values = new ArrayList<>();
    for (DqdlOperand operand : condition.operands()) {
      if (!operand.is(DqdlOperand.Kind.NULL)) {
        values.add(value(column, operand));
      } else if (keepsNull) {
        values.add(null);
      }
    }
    if (values.isEmpty()) {
      throw new InexpressibleException("it demands that all values are null");
    }
    return values.toArray();
  }

  private static Object end(Field column, DqdlOperand operand) throws InexpressibleException {
    Object value = value(column, operand);
    if (value instanceof String) {
      throw new InexpressibleException("DQDL has no ranges of strings");
    }
    return value;
  }

  private static Object value(Field column, DqdlOperand operand) throws InexpressibleException {
    boolean numeric = Set.of(Kind.WHOLE, Kind.DECIMAL, Kind.FLOATING).contains(column.kind());
    boolean texts = column.kind() == Kind.TEXT || column.kind() == Kind.UUID;
    if (operand.number() != null && numeric) {
      return operand.number();
    }
    if (operand.is(DqdlOperand.Kind.EMPTY) && column.kind() == Kind.TEXT) {
      return "";
    }
    if (operand.is(DqdlOperand.Kind.STRING)
        && texts
        && !DATE_OR_TIME.matcher(operand.text()).matches()) {
      return operand.text();
    }
    if (operand.is(DqdlOperand.Kind.STRING) && column.kind() == Kind.DATE) {
      try {
        return LocalDate.parse(operand.text());
      } catch (DateTimeException e) {
        throw new InexpressibleException("a constant is not a date");
      }
    }
    throw new InexpressibleException(
        "one of its constants is not one of the column " + OdcsErrors.quoted(column.name()));
  }

  /**
   * DQDL searches for an expression, and a rule matches the whole value. Only expressions that mean
   * the same in Java and in RE2 are read.
   */
  private static String expression(Field column, String raw) throws InexpressibleException {
    if (column.kind() != Kind.TEXT) {
      throw new InexpressibleException("the column has no text");
    }
    String regex = raw.replace("\\\"", "\"");
    boolean whole = regex.startsWith(WHOLE) && regex.endsWith(WHOLE_END);
    String inner =
        whole ? regex.substring(WHOLE.length(), regex.length() - WHOLE_END.length()) : regex;
    if (whole) {
      checkPortable(inner);
      return inner;
    }
    boolean single = !inner.contains("|");
    boolean starts = single && inner.startsWith("^");
    boolean ends = single && inner.endsWith("$") && !inner.endsWith("\\$");
    String middle = inner.substring(starts ? 1 : 0, inner.length() - (ends ? 1 : 0));
    checkPortable(middle);
    return starts && ends ? middle : (starts ? "" : ANY) + "(?:" + middle + ")" + (ends ? "" : ANY);
  }

  private static void checkPortable(String regex) throws InexpressibleException {
    if (!DqdlRuleset.of(TEXTS.require(Rule.matches("text", regex)), name -> name)
        .omitted()
        .isEmpty()) {
      throw new InexpressibleException("its expression means something else in RE2, or might");
    }
  }
}
