package io.meshwork.internal.condition;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conditions as people read them. Stateless. */
public final class RuleWords {
  private static final String BEFORE = "(\\w+)\\((?:(.*), )?";
  private static final String END = "([^,()']+)";
  private static final Pattern WITHOUT_HIGH = Pattern.compile(BEFORE + END + ", \\)( exclusive)?");
  private static final Pattern WITHOUT_LOW =
      Pattern.compile(BEFORE + ", " + END + "\\)( exclusive)?");

  private RuleWords() {}

  /**
   * Returns a condition with a sign in place of an end that is open, such as {@code fare >= 0} for
   * {@code between(fare, 0, )}, and {@code rowCount <= 10} for {@code rowCount(, 10)}; any other
   * one unchanged.
   */
  public static String of(RuleCondition condition) {
    String text = condition.text();
    if (!(condition instanceof RuleCondition.Range || condition instanceof RowCondition.Length)) {
      return text;
    }
    Matcher low = WITHOUT_HIGH.matcher(text);
    if (low.matches()) {
      return measure(low) + (low.group(4) == null ? " >= " : " > ") + low.group(3);
    }
    Matcher high = WITHOUT_LOW.matcher(text);
    return high.matches()
        ? measure(high) + (high.group(4) == null ? " <= " : " < ") + high.group(3)
        : text;
  }

  private static String measure(Matcher parts) {
    String arguments = parts.group(2);
    return arguments == null
        ? parts.group(1)
        : parts.group(1).equals("between") ? arguments : parts.group(1) + "(" + arguments + ")";
  }
}
