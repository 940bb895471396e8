package io.meshwork.testkit;

import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Contracts with columns of any simple type and rules of every kind on them, from a seed. */
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
  private final PlainValues values;
  private final Map<String, Schema> columns = new LinkedHashMap<>();
  private final List<Schema.Field> fields = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  private RandomContracts(Random random) {
    this.random = random;
    this.types = new RandomValues(random);
    this.values = new PlainValues(random);
  }

  static Contract from(Random random) {
    return new RandomContracts(random).contract();
  }

  private Contract contract() {
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Schema type = types.type("N" + i);
      add("c" + i, type);
      Rule rule = onColumn("c" + i, type);
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
            .filter(field -> PlainValues.isNullable(field.schema()))
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

  private @Nullable Rule onColumn(String column, Schema type) {
    OrderedType ordered = OrderedType.of(type);
    if (ordered != null && random.nextInt(3) > 0) {
      var some = ordered.pick(random, ordered.plainLow(), ordered.plainHigh());
      var other = ordered.pick(random, ordered.plainLow(), ordered.plainHigh());
      Object low = random.nextInt(4) == 0 ? null : ordered.value().apply(some.min(other));
      Object high = ordered.value().apply(some.max(other));
      return Rule.between(column, low, high);
    }
    return switch (type.getType()) {
      case STRING -> {
        int shortest = random.nextInt(6);
        yield PlainValues.isUuid(type)
            ? members(column, type)
            : random.nextBoolean()
                ? matches(column, any(EXPRESSIONS))
                : length(column, shortest, shortest + random.nextInt(12));
      }
      case BYTES -> ordered == null ? length(column, 2, 2 + random.nextInt(5)) : null;
      case FIXED -> null;
      default -> members(column, type);
    };
  }

  private Rule members(String column, Schema type) {
    Object[] members = new Object[1 + random.nextInt(4)];
    for (int i = 0; i < members.length; i++) {
      members[i] = values.value(column, type);
    }
    return inSet(column, members);
  }

  private Rule varied(Rule rule) {
    return switch (random.nextInt(6)) {
      case 0 -> rule.warn();
      case 1 -> rule.toleratingPercent(20);
      case 2 -> rule.toleratingRows(3);
      default -> rule;
    };
  }

  /** Whether unique values are easily found. */
  private static boolean isRoomy(Schema type) {
    return type.getType() == Schema.Type.LONG
        || type.getType() == Schema.Type.DOUBLE
        || type.getType() == Schema.Type.STRING;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
