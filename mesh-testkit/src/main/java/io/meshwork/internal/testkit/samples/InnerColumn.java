package io.meshwork.internal.testkit.samples;

import io.meshwork.contract.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Generates the values of a simple type at a path inside a column, such as {@code
 * lines[].quantity}, from the rules on this path. Not thread-safe.
 */
final class InnerColumn {
  private static final Pattern STEP = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*|\\[\\]|\\{\\}");

  private final List<String> steps;
  private final ColumnDomain domain;
  private final boolean nullable;
  private boolean present;
  private boolean missing;

  private InnerColumn(List<String> steps, ColumnDomain domain, boolean nullable) {
    this.steps = steps;
    this.domain = domain;
    this.nullable = nullable;
  }

  /** Returns the values at a path; null if the path is not of a simple type inside a column. */
  static @Nullable InnerColumn at(Schema record, String path, Random random) {
    List<String> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    while (matcher.find()) {
      steps.add(matcher.group());
    }
    Schema type = record;
    for (String step : steps) {
      Schema plain = PlainValues.required(type);
      if (step.equals("[]") && plain.getType() == Schema.Type.ARRAY) {
        type = plain.getElementType();
      } else if (step.equals("{}") && plain.getType() == Schema.Type.MAP) {
        type = plain.getValueType();
      } else if (plain.getType() == Schema.Type.RECORD && plain.getField(step) != null) {
        type = plain.getField(step).schema();
      } else {
        return null;
      }
    }
    Schema leaf = PlainValues.required(type);
    return switch (leaf.getType()) {
      case RECORD, ARRAY, MAP -> null;
      default ->
          new InnerColumn(
              steps,
              new ColumnDomain(steps.get(steps.size() - 1), leaf, OrderedType.of(leaf), random),
              PlainValues.isNullable(type));
    };
  }

  /** Returns the top-level column. */
  String column() {
    return steps.get(0);
  }

  /** Applies a rule, so that all values satisfy it or all break it. */
  void apply(Rule rule, boolean breaks) {
    switch (rule.kind()) {
      case NOT_NULL -> {
        present |= !breaks;
        missing |= breaks && nullable;
      }
      case NOT_MISSING, NOT_IN_SET, BETWEEN, IN_SET, MATCHES, LENGTH -> {
        present |= rule.kind() == Rule.Kind.NOT_MISSING || breaks;
        if (breaks) {
          domain.breakUp(rule);
        } else {
          domain.narrow(rule);
        }
      }
      default -> {}
    }
  }

  /** Returns the column's value with generated values at the path. */
  @Nullable Object filled(@Nullable Object value) {
    return filled(value, 1);
  }

  private @Nullable Object filled(@Nullable Object value, int step) {
    if (step == steps.size()) {
      return missing ? null : value == null && !present ? null : domain.value(null);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      list.forEach(element -> all.add(filled(element, step + 1)));
      return all;
    }
    if (value instanceof Map<?, ?> map) {
      boolean every = steps.get(step).equals("{}");
      Map<Object, @Nullable Object> all = new LinkedHashMap<>();
      map.forEach(
          (key, inner) ->
              all.put(key, every || key.equals(steps.get(step)) ? filled(inner, step + 1) : inner));
      return all;
    }
    return value;
  }
}
