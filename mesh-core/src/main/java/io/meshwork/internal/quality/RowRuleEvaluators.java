package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.rows.RowMaterializers;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Creates the evaluators of row rules for the columns of a schema. */
final class RowRuleEvaluators {
  private final Contract contract;
  private final Schema schema;
  private final RuleContext surroundings;

  RowRuleEvaluators(Contract contract, Schema schema, RuleContext surroundings) {
    this.contract = contract;
    this.schema = schema;
    this.surroundings = surroundings;
  }

  /** Returns the evaluator of a rule that applies to single rows. */
  RowRuleEvaluator of(Rule rule) {
    List<?> arguments = rule.arguments();
    return switch (rule.kind()) {
      case NOT_NULL -> notNull(rule);
      case NOT_MISSING -> ColumnEvaluator.present(column(rule), missing(rule));
      case BETWEEN ->
          ColumnEvaluator.of(
              column(rule),
              RangeEvaluator.of(column(rule).type(), rule.low(), rule.high(), rule.isExclusive()));
      case IN_SET ->
          ColumnEvaluator.of(
              column(rule), MembershipEvaluator.of(column(rule).type(), rule.arguments()));
      case NOT_IN_SET -> notInSet(rule);
      case MATCHES ->
          ColumnEvaluator.of(
              column(rule),
              new TextEvaluators.Expression((String) Objects.requireNonNull(arguments.get(0))));
      case LENGTH ->
          ColumnEvaluator.of(
              column(rule),
              new TextEvaluators.Length(
                  column(rule).type().typeId() == Type.TypeID.STRING,
                  (Long) Objects.requireNonNull(rule.low()),
                  (Long) Objects.requireNonNull(rule.high())));
      case COMPARE ->
          new ComparisonEvaluator(
              column(rule),
              LeafColumn.of(schema, rule.columns().get(1)),
              (String) Objects.requireNonNull(arguments.get(0)));
      case CUSTOM -> custom(rule);
      case REFERENCES ->
          ReferenceEvaluator.of(
              rule,
              schema,
              surroundings.others().of(rule.product().orElseThrow(), rule.otherColumns()));
      default -> throw new IllegalArgumentException("not a row rule: " + rule);
    };
  }

  private LeafColumn column(Rule rule) {
    return LeafColumn.of(schema, rule.columns().get(0));
  }

  private RowRuleEvaluator notNull(Rule rule) {
    List<ColumnEvaluator> columns =
        rule.columns().stream()
            .map(column -> ColumnEvaluator.present(LeafColumn.of(schema, column), null))
            .toList();
    return (batch, skip, failing) ->
        columns.forEach(column -> column.evaluate(batch, skip, failing));
  }

  /** Returns the evaluator of values that count as missing besides null; null if there are none. */
  private @Nullable ValueEvaluator missing(Rule rule) {
    Type type = column(rule).type();
    boolean text = type.typeId() == Type.TypeID.STRING;
    if (rule.arguments().isEmpty() && !text) {
      return null;
    }
    List<@Nullable Object> values = rule.arguments().isEmpty() ? List.of("") : rule.arguments();
    return rule.isTrimmed()
        ? new TextEvaluators.TrimmedText(values.stream().map(String::valueOf).toList())
        : MembershipEvaluator.of(type, values).inverse();
  }

  private RowRuleEvaluator notInSet(Rule rule) {
    LeafColumn column = column(rule);
    ValueEvaluator values = MembershipEvaluator.of(column.type(), rule.arguments()).inverse();
    return rule.arguments().contains(null)
        ? ColumnEvaluator.present(column, values)
        : ColumnEvaluator.of(column, values);
  }

  private RowRuleEvaluator custom(Rule rule) {
    Predicate<? super GenericRecord> code = surroundings.codeOf(rule);
    if (code == null) {
      List<Long> others = surroundings.versionsOf(String.valueOf(rule.arguments().get(0)));
      return new RowRuleEvaluator.Absent(
          "the code '"
              + rule.arguments().get(0)
              + "' version "
              + rule.arguments().get(1)
              + (others.isEmpty() ? "" : " (registered versions: " + others + ")")
              + " is not registered; register it with customRule(..)");
    }
    return new CustomRuleEvaluator(
        rule.id(), code, RowMaterializers.asAvro(schema, contract.schema()));
  }

  /** Returns the columns of a rule, each with one value per row. */
  LeafColumn[] columns(List<String> paths) {
    return paths.stream().map(path -> LeafColumn.of(schema, path)).toArray(LeafColumn[]::new);
  }
}
