package io.meshwork.internal.condition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of rules that list them. */
public final class LiteralSet {
  private LiteralSet() {}

  /** Returns the values of a call as a list. */
  public static List<@Nullable Object> list(String rule, @Nullable Object @Nullable [] values) {
    if (values == null) {
      throw empty(rule);
    }
    return Arrays.asList(values);
  }

  /**
   * Converts and checks values.
   *
   * @param isForMissing true if they stand for a missing value: they can be none, and not null
   */
  static List<@Nullable Object> of(
      String rule, List<@Nullable Object> values, boolean isForMissing) {
    if (values.isEmpty() && !isForMissing) {
      throw empty(rule);
    }
    List<@Nullable Object> literals = new ArrayList<>();
    for (Object value : values) {
      if (value == null && isForMissing) {
        throw RuleFault.of(rule, "null is one of its values", "Remove it; null always fails.");
      }
      literals.add(RuleLiterals.of(value));
    }
    return Collections.unmodifiableList(literals);
  }

  private static RuntimeException empty(String rule) {
    return RuleFault.of(rule, "it lists no value", "List at least one value.");
  }

  static String text(RowCondition.ValueSet condition) {
    List<String> parts = new ArrayList<>(condition.columns());
    condition.values().forEach(value -> parts.add(RuleLiterals.text(value)));
    return condition.kindName() + "(" + String.join(", ", parts) + ")";
  }

  static boolean isSubset(List<@Nullable Object> inner, List<@Nullable Object> outer) {
    return new HashSet<>(outer).containsAll(inner);
  }

  /** Returns the values without null, which passes anyway. */
  static List<@Nullable Object> withoutNull(List<@Nullable Object> values) {
    List<@Nullable Object> others = new ArrayList<>(values);
    others.removeAll(Collections.singleton(null));
    return others;
  }

  /**
   * Returns true if all values that stand for a missing value also do so in the other list.
   *
   * @param trimmed true if surrounding white space is ignored, also around the values
   */
  static boolean isMissingIn(
      List<@Nullable Object> values, List<@Nullable Object> others, boolean trimmed) {
    return isSubset(missing(values, trimmed), missing(others, trimmed));
  }

  private static List<@Nullable Object> missing(List<@Nullable Object> values, boolean trimmed) {
    List<@Nullable Object> missing = new ArrayList<>();
    for (Object value : values.isEmpty() ? List.of("") : values) {
      missing.add(trimmed ? String.valueOf(value).strip() : value);
    }
    return missing;
  }
}
