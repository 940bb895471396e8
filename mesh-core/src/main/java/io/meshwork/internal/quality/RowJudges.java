package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.rows.Materializers;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Rules on rows, bound to the columns of a schema. */
final class RowJudges {
  private final Contract contract;
  private final Schema schema;
  private final RuleSurroundings surroundings;

  RowJudges(Contract contract, Schema schema, RuleSurroundings surroundings) {
    this.contract = contract;
    this.schema = schema;
    this.surroundings = surroundings;
  }

  /** The judge of a rule that judges rows one by one. */
  RowJudge of(Rule rule) {
    List<?> arguments = rule.arguments();
    return switch (rule.kind()) {
      case NOT_NULL -> notNull(rule);
      case NOT_MISSING -> ColumnJudge.present(column(rule), missing(rule));
      case BETWEEN ->
          ColumnJudge.of(
              column(rule),
              RangeJudge.of(column(rule).type(), rule.low(), rule.high(), rule.isExclusive()));
      case IN_SET ->
          ColumnJudge.of(column(rule), MemberJudge.of(column(rule).type(), rule.arguments()));
      case NOT_IN_SET -> notInSet(rule);
      case MATCHES ->
          ColumnJudge.of(
              column(rule),
              new TextJudges.Expression((String) Objects.requireNonNull(arguments.get(0))));
      case LENGTH ->
          ColumnJudge.of(
              column(rule),
              new TextJudges.Length(
                  column(rule).type().typeId() == Type.TypeID.STRING,
                  (Long) Objects.requireNonNull(rule.low()),
                  (Long) Objects.requireNonNull(rule.high())));
      case COMPARE ->
          new CompareJudge(
              column(rule),
              LeafColumn.of(schema, rule.columns().get(1)),
              (String) Objects.requireNonNull(arguments.get(0)));
      case CUSTOM -> custom(rule);
      case REFERENCES ->
          ReferencesJudge.of(rule, schema, surroundings.others().of(rule.product().orElseThrow()));
      default -> throw new IllegalArgumentException("no rule on rows: " + rule);
    };
  }

  private LeafColumn column(Rule rule) {
    return LeafColumn.of(schema, rule.columns().get(0));
  }

  private RowJudge notNull(Rule rule) {
    List<ColumnJudge> columns =
        rule.columns().stream()
            .map(column -> ColumnJudge.present(LeafColumn.of(schema, column), null))
            .toList();
    return (batch, skip, failing) -> columns.forEach(column -> column.judge(batch, skip, failing));
  }

  /** What counts as nothing besides null; null if there is no such value. */
  private @Nullable ValueJudge missing(Rule rule) {
    Type type = column(rule).type();
    boolean text = type.typeId() == Type.TypeID.STRING;
    if (rule.arguments().isEmpty() && !text) {
      return null;
    }
    List<@Nullable Object> values = rule.arguments().isEmpty() ? List.of("") : rule.arguments();
    return rule.isTrimmed()
        ? new TextJudges.Trimmed(values.stream().map(String::valueOf).toList())
        : MemberJudge.of(type, values).inverse();
  }

  private RowJudge notInSet(Rule rule) {
    LeafColumn column = column(rule);
    ValueJudge values = MemberJudge.of(column.type(), rule.arguments()).inverse();
    return rule.arguments().contains(null)
        ? ColumnJudge.present(column, values)
        : ColumnJudge.of(column, values);
  }

  private RowJudge custom(Rule rule) {
    Predicate<? super GenericRecord> code = surroundings.codeOf(rule);
    if (code == null) {
      List<Long> others = surroundings.versionsOf(String.valueOf(rule.arguments().get(0)));
      return new RowJudge.Absent(
          "nobody brought the code '"
              + rule.arguments().get(0)
              + "' of version "
              + rule.arguments().get(1)
              + (others.isEmpty() ? "" : " but of " + others)
              + "; the publish brings it with supplying(..)");
    }
    return new CustomJudge(rule.id(), code, Materializers.asAvro(schema, contract.schema()));
  }

  /** Where the columns of a rule are, one value a row each. */
  LeafColumn[] columns(List<String> paths) {
    return paths.stream().map(path -> LeafColumn.of(schema, path)).toArray(LeafColumn[]::new);
  }
}
