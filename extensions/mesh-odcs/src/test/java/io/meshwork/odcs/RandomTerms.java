package io.meshwork.odcs;

import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.odcs.internal.profile.SchemaInference;
import io.meshwork.product.Classification;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Random contracts: nested columns of every type, rules, and terms. */
final class RandomTerms {
  private static final List<String> TEXTS =
      List.of("plain", "no", "a: b # c", "'quoted' \"twice\"", "two\nlines\n", "é 😀", "1.0", " ");

  private final Random random;
  private int names;

  RandomTerms(Random random) {
    this.random = random;
  }

  Contract contract() {
    Schema schema = record(2);
    Contract contract = Contract.of(schema);
    List<Rule> rules = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      Rule rule = rule(field);
      if (rule != null) {
        rules.add(varied(rule));
      }
    }
    if (chance(2)) {
      rules.add(random.nextInt(rules.size() + 1), Rule.rowCount(random.nextInt(3), 1_000));
    }
    if (chance(3)) {
      rules.add(Rule.text(any(TEXTS.subList(0, 6))));
    }
    contract = contract.require(rules.toArray(Rule[]::new));
    return chance(4) ? contract : terms(contract);
  }

  private Contract terms(Contract plain) {
    String column = plain.schema().getFields().get(0).name();
    Contract contract =
        plain
            .description(any(TEXTS))
            .describeColumn(column, any(TEXTS))
            .classification(any(List.of(Classification.values())))
            .classification(any(List.of(Classification.values())), column)
            .onViolation(any(List.of(OnViolation.values())))
            .compatibility(any(List.of(Compatibility.values())))
            .noticePeriod(Period.ofDays(random.nextInt(90)))
            .maxQuarantineShare(random.nextInt(100));
    if (chance(2)) {
      contract =
          contract
              .serviceLevel(
                  contract
                      .serviceLevel()
                      .freshWithin(Duration.ofSeconds(1 + random.nextInt(1_000_000)))
                      .frequency(Duration.ofMinutes(1 + random.nextInt(10_000)))
                      .availability(99.5)
                      .retention(Period.of(random.nextInt(3), 1, random.nextInt(9)))
                      .pollHorizon(Duration.ofDays(1 + random.nextInt(60))))
              .usage(any(TEXTS))
              .limitations(any(TEXTS))
              .purposes("billing", "b2b research")
              .contacts(
                  new Contact("#orders", "https://example.org/a", ContactScope.NOTIFICATIONS),
                  new Contact("mail", "mailto:a@example.org", ContactScope.ISSUES))
              .price(
                  new Contract.Price(new BigDecimal("0.10"), Currency.getInstance("EUR"), "query"));
    }
    return chance(2)
        ? contract.requireFourEyes().readers(Contract.Engine.SPARK, Contract.Engine.DUCKDB)
        : contract;
  }

  private Rule rule(Schema.Field field) {
    String name = field.name();
    Schema type = NullabilityInference.value(field.schema());
    boolean plain = type.getLogicalType() == null;
    return switch (type.getType()) {
      case STRING ->
          !plain
              ? Rule.notNull(name)
              : any(
                  List.of(
                      Rule.matches(name, "[A-Z]{3}"),
                      Rule.length(name, 1, 10),
                      Rule.inSet(name, "Y", "it's", "1"),
                      Rule.notMissing(name, "", "N/A"),
                      Rule.unique(name).scope(Rule.Scope.TABLE)));
      case INT, LONG, DOUBLE, FLOAT ->
          plain
              ? any(
                  List.of(
                      Rule.between(name, 0, 100),
                      Rule.betweenExclusive(name, null, 5),
                      Rule.inSet(name, 1, 2, null),
                      Rule.atLeast(name, 1),
                      Rule.mean(name, 1, 3),
                      Rule.completeness(name, 90)))
              : Rule.notNull(name);
      case ARRAY -> Rule.length(name, 1, 5);
      default -> null;
    };
  }

  private Rule varied(Rule rule) {
    Rule varied = chance(3) ? rule.warn() : rule;
    if (chance(5)) {
      varied = varied.id("own." + names++);
    }
    if (chance(5)) {
      varied = varied.description(any(TEXTS));
    }
    if (varied instanceof Rule.OnRows onRows && chance(4)) {
      varied = chance(2) ? onRows.toleratePercent(2.5) : onRows.tolerateRows(3);
    }
    return varied;
  }

  private Schema record(int depth) {
    List<Schema.Field> fields = new ArrayList<>();
    String name = "R" + names++;
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Schema type = type(depth);
      boolean nullable = chance(3);
      String doc = chance(6) ? "documented" : null;
      Schema.Field field =
          nullable
              ? SchemaInference.field("f" + i, type, true)
              : new Schema.Field("f" + i, type, doc);
      fields.add(field);
    }
    return Schema.createRecord(name, null, chance(3) ? "a.b" : null, false, fields);
  }

  private Schema type(int depth) {
    if (depth > 0 && chance(4)) {
      return switch (random.nextInt(3)) {
        case 0 -> record(depth - 1);
        case 1 -> {
          Schema element = type(depth - 1);
          yield Schema.createArray(chance(2) ? SchemaInference.nullable(element) : element);
        }
        default -> Schema.createMap(type(depth - 1));
      };
    }
    return switch (random.nextInt(16)) {
      case 0 -> Schema.create(Schema.Type.BOOLEAN);
      case 1 -> Schema.create(Schema.Type.INT);
      case 2 -> Schema.create(Schema.Type.LONG);
      case 3 -> Schema.create(Schema.Type.FLOAT);
      case 4 -> Schema.create(Schema.Type.DOUBLE);
      case 5 -> Schema.create(Schema.Type.BYTES);
      case 6 -> Schema.createFixed("X" + names++, null, null, 1 + random.nextInt(20));
      case 7 ->
          Schema.createEnum("E" + names++, null, null, List.of("A", "B"), chance(2) ? "A" : null);
      case 8 -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case 9 -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case 10 -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case 11 -> LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      case 12 -> LogicalTypes.decimal(12, 2).addToSchema(Schema.create(Schema.Type.BYTES));
      case 13 -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      default -> Schema.create(Schema.Type.STRING);
    };
  }

  private boolean chance(int oneOf) {
    return random.nextInt(oneOf) == 0;
  }

  <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
