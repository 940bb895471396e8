package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.condition.RowCondition.Custom;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.condition.RowCondition.Length;
import io.meshwork.internal.condition.RowCondition.Matches;
import io.meshwork.internal.condition.RowCondition.NotInSet;
import io.meshwork.internal.condition.RowCondition.NotMissing;
import io.meshwork.internal.condition.RowCondition.NotNull;
import io.meshwork.internal.condition.RowCondition.References;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Creates the evaluators of rules that apply to single rows, for the columns of a schema. */
final class RowRuleEvaluators {
  private final Contract contract;
  private final Schema schema;
  private final RuleContext surroundings;

  RowRuleEvaluators(Contract contract, Schema schema, RuleContext surroundings) {
    this.contract = contract;
    this.schema = schema;
    this.surroundings = surroundings;
  }

  RowRuleEvaluator notNull(NotNull condition) {
    List<ColumnEvaluator> columns =
        condition.columns().stream()
            .map(column -> ColumnEvaluator.present(column(column), null))
            .toList();
    return (batch, skip, failing) ->
        columns.forEach(column -> column.evaluate(batch, skip, failing));
  }

  RowRuleEvaluator notMissing(NotMissing condition) {
    LeafColumn column = column(condition.column());
    return ColumnEvaluator.present(column, missing(condition, column.type()));
  }

  /** Returns the evaluator of values that count as missing besides null; null if there are none. */
  private static @Nullable ValueEvaluator missing(NotMissing condition, Type type) {
    boolean text = type.typeId() == Type.TypeID.STRING;
    if (condition.values().isEmpty() && !text) {
      return null;
    }
    List<@Nullable Object> values = condition.values().isEmpty() ? List.of("") : condition.values();
    return condition.trimmed()
        ? new TextEvaluators.TrimmedText(values.stream().map(String::valueOf).toList())
        : MembershipEvaluator.of(type, values).inverse();
  }

  RowRuleEvaluator between(Between condition) {
    LeafColumn column = column(condition.column());
    return ColumnEvaluator.of(
        column,
        RangeEvaluator.of(column.type(), condition.low(), condition.high(), condition.exclusive()));
  }

  RowRuleEvaluator inSet(InSet condition) {
    LeafColumn column = column(condition.column());
    return ColumnEvaluator.of(column, MembershipEvaluator.of(column.type(), condition.values()));
  }

  RowRuleEvaluator notInSet(NotInSet condition) {
    LeafColumn column = column(condition.column());
    ValueEvaluator values = MembershipEvaluator.of(column.type(), condition.values()).inverse();
    return condition.values().contains(null)
        ? ColumnEvaluator.present(column, values)
        : ColumnEvaluator.of(column, values);
  }

  RowRuleEvaluator matches(Matches condition) {
    return ColumnEvaluator.of(
        column(condition.column()), new TextEvaluators.Expression(condition.regex()));
  }

  RowRuleEvaluator length(Length condition) {
    LeafColumn column = column(condition.column());
    boolean text = column.type().typeId() == Type.TypeID.STRING;
    return ColumnEvaluator.of(
        column, new TextEvaluators.Length(text, condition.min(), condition.max()));
  }

  RowRuleEvaluator compare(Compare condition) {
    return new ComparisonEvaluator(
        column(condition.left()), column(condition.right()), condition.operator());
  }

  RowRuleEvaluator references(References condition) {
    return ReferenceEvaluator.of(condition, schema, surroundings.others().keys(condition, schema));
  }

  RowRuleEvaluator custom(Rule rule, Custom condition) {
    RuleContext.RuleCode code = surroundings.codeOf(condition);
    return code == null
        ? new RowRuleEvaluator.Absent(surroundings.missing(condition))
        : code.evaluator(rule.id(), schema, contract.schema());
  }

  private LeafColumn column(String path) {
    return LeafColumn.of(schema, path);
  }
}
