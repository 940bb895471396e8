package io.meshwork.conformance;

import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.conformance.fixture.RandomValues;
import io.meshwork.testkit.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Random contracts with columns of any simple type and rules of every kind. */
final class RandomContracts {
  private static final List<String> EXPRESSIONS =
      List.of(
          "[a-z]{3,8}",
          "[A-Z][a-z]+( [A-Z][a-z]+)*",
          "\\d{4}-(0[1-9]|1[0-2])",
          "(?:red|green|blue)?[^aeiou]{2}",
          "^[\\w.]+@[\\w]+\\.(org|com)$",
          "[[:upper:]]{2}\\d*",
          "(?P<code>x|y)\\.?\\x41",
          ".{2,6}");
  private static final List<String> OPERATORS = List.of("=", "!=", "<", "<=", ">", ">=");

  private final Random random;
  private final RandomValues types;
  private final Map<String, Schema> columns = new LinkedHashMap<>();
  private final List<Schema.Field> fields = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  private RandomContracts(Random random) {
    this.random = random;
    this.types = new RandomValues(random);
  }

  static Contract from(Random random) {
    return new RandomContracts(random).contract();
  }

  private Contract contract() {
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Schema type = types.type("N" + i);
      add("c" + i, type);
      Rule.OnRows rule = onColumn("c" + i, type);
      if (rule != null && random.nextInt(4) > 0) {
        rules.add(varied(rule));
      }
      if (random.nextInt(3) == 0) {
        add("twin" + i, type);
        rules.add(varied(compare("c" + i + " " + any(OPERATORS) + " twin" + i)));
      }
    }
    List<String> keys =
        columns.entrySet().stream()
            .filter(column -> isRoomy(column.getValue()))
            .map(Map.Entry::getKey)
            .filter(column -> rules.stream().noneMatch(rule -> rule.columns().contains(column)))
            .toList();
    if (!keys.isEmpty()) {
      rules.add(unique(any(keys)).id("key"));
    }
    List<String> nullable =
        fields.stream()
            .filter(field -> field.schema().isNullable())
            .map(Schema.Field::name)
            .toList();
    if (!nullable.isEmpty()) {
      rules.add(varied(notNull(any(nullable))));
    }
    return Contract.of(Schema.createRecord("Row", null, "random", false, fields))
        .require(rules.toArray(Rule[]::new));
  }

  private void add(String name, Schema type) {
    columns.put(name, type);
    fields.add(
        new Schema.Field(
            name,
            random.nextInt(3) == 0
                ? Schema.createUnion(Schema.create(Schema.Type.NULL), type)
                : type,
            null,
            null));
  }

  private Rule.@Nullable OnRows onColumn(String column, Schema type) {
    boolean ordered = isOrdered(type);
    if (ordered && random.nextInt(3) > 0) {
      List<Object> ends = plainValues(column, type, 2);
      return Rule.between(column, random.nextInt(4) == 0 ? null : ends.get(0), ends.get(1));
    }
    return switch (type.getType()) {
      case STRING -> {
        int shortest = random.nextInt(6);
        yield isUuid(type)
            ? members(column, type)
            : random.nextBoolean()
                ? matches(column, any(EXPRESSIONS))
                : length(column, shortest, shortest + random.nextInt(12));
      }
      case BYTES -> !ordered ? length(column, 2, 2 + random.nextInt(5)) : null;
      case FIXED -> null;
      default -> members(column, type);
    };
  }

  private Rule.OnRows members(String column, Schema type) {
    return inSet(column, plainValues(column, type, 1 + random.nextInt(4)).toArray());
  }

  /**
   * Returns sample values of a contract without rules, in ascending order if the type is ordered.
   */
  private List<Object> plainValues(String column, Schema type, int count) {
    Schema.Field field = new Schema.Field(column, type, null, null);
    Contract contract =
        Contract.of(Schema.createRecord("Value", null, "random", false, List.of(field)));
    List<Object> values = new ArrayList<>();
    for (Map<String, Object> row : Samples.maps(contract, random.nextLong()).rows(count)) {
      values.add(row.get(column));
    }
    if (isOrdered(type)) {
      values.sort(null);
    }
    return values;
  }

  private static boolean isUuid(Schema type) {
    return type.getLogicalType() != null && type.getLogicalType().getName().equals("uuid");
  }

  /** Returns true if range rules apply to the type: numbers, dates, and times. */
  private static boolean isOrdered(Schema type) {
    return switch (type.getType()) {
      case INT, LONG, FLOAT, DOUBLE -> true;
      case BYTES, FIXED -> type.getLogicalType() instanceof LogicalTypes.Decimal;
      default -> false;
    };
  }

  private Rule varied(Rule.OnRows rule) {
    return switch (random.nextInt(6)) {
      case 0 -> rule.warn();
      case 1 -> rule.toleratePercent(20);
      case 2 -> rule.tolerateRows(3);
      default -> rule;
    };
  }

  /** Returns true if the type has enough unique values. */
  private static boolean isRoomy(Schema type) {
    return type.getType() == Schema.Type.LONG
        || type.getType() == Schema.Type.DOUBLE
        || type.getType() == Schema.Type.STRING;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
