package io.meshwork.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a rule as text, which {@link RuleParser} reads. */
final class RuleFormatter {
  private RuleFormatter() {}

  static String of(RuleTerms rule) {
    StringBuilder text = new StringBuilder(rule.name());
    text.append('(').append(arguments(rule)).append(')');
    if (rule.exclusive) {
      text.append(" exclusive");
    }
    if (rule.trimmed) {
      text.append(" trimmed");
    }
    if (rule.zone != null) {
      text.append(" zone ").append(RuleLiterals.text(rule.zone.getId()));
    }
    if (rule.keepLatestBy != null) {
      text.append(" keepLatestBy ").append(rule.keepLatestBy);
    }
    if (rule.scope != null) {
      text.append(" scope ").append(rule.scope.text());
    }
    if (rule.filter != null) {
      text.append(" where ").append(RuleLiterals.text(rule.filter));
    }
    if (rule.toleratedPercent != null && rule.toleratedPercent.signum() > 0) {
      text.append(" failing <= ").append(rule.toleratedPercent.toPlainString()).append(" percent");
    } else if (rule.toleratedRows > 0) {
      text.append(" failing <= ").append(rule.toleratedRows).append(" rows");
    }
    return text.toString();
  }

  /** The ID of a rule that was given none. */
  static String id(RuleTerms rule) {
    List<String> parts = new ArrayList<>();
    parts.add(rule.name());
    switch (rule.kind) {
      case CUSTOM, STEADY -> parts.add(plain(rule, 0));
      case SAME_ROW_COUNT -> parts.add(plain(rule, 0).replace('/', '.'));
      case TEXT -> parts.add(Integer.toHexString(plain(rule, 0).hashCode()));
      default -> {}
    }
    parts.addAll(rule.columns);
    return String.join(".", parts);
  }

  private static String arguments(RuleTerms rule) {
    return switch (rule.kind) {
      case COMPARE -> rule.columns.get(0) + " " + plain(rule, 0) + " " + rule.columns.get(1);
      case REFERENCES ->
          String.join(", ", rule.columns)
              + "; "
              + plain(rule, 0)
              + "; "
              + String.join(
                  ", ",
                  rule.arguments.stream().skip(1).map(String::valueOf).toArray(String[]::new));
      case LENGTH, ROW_COUNT -> {
        long max = (Long) Objects.requireNonNull(rule.arguments.get(1));
        long open = rule.kind == Rule.Kind.LENGTH ? Integer.MAX_VALUE : Long.MAX_VALUE;
        List<String> parts = new ArrayList<>(rule.columns);
        parts.add(String.valueOf(rule.arguments.get(0)));
        parts.add(max == open ? "" : String.valueOf(max));
        yield String.join(", ", parts);
      }
      case STEADY ->
          (rule.columns.isEmpty()
                  ? plain(rule, 0)
                  : plain(rule, 0) + "(" + rule.columns.get(0) + ")")
              + ", "
              + RuleLiterals.text(rule.arguments.get(1))
              + ", "
              + plain(rule, 2);
      case SAME_ROW_COUNT -> plain(rule, 0) + ends(rule, 1);
      case SAME_SUM ->
          rule.columns.get(0) + ", " + plain(rule, 0) + ", " + plain(rule, 1) + ends(rule, 2);
      case FRESH -> rule.columns.get(0) + ", " + plain(rule, 0);
      case BETWEEN, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX ->
          rule.oneSided
              ? rule.columns.get(0)
                  + ", "
                  + RuleLiterals.text(rule.arguments.get(rule.arguments.get(1) == null ? 0 : 1))
              : rule.columns.get(0) + ends(rule, 0);
      default -> {
        List<String> parts = new ArrayList<>(rule.columns);
        rule.arguments.forEach(argument -> parts.add(RuleLiterals.text(argument)));
        yield String.join(", ", parts);
      }
    };
  }

  /** Two ends, each after a comma; an open end is empty. */
  private static String ends(RuleTerms rule, int at) {
    return ", " + end(rule.arguments.get(at)) + ", " + end(rule.arguments.get(at + 1));
  }

  private static String end(@Nullable Object bound) {
    return bound == null ? "" : RuleLiterals.text(bound);
  }

  /** An argument without quotes. */
  private static String plain(RuleTerms rule, int at) {
    return String.valueOf(rule.arguments.get(at));
  }
}
