package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Rules on rows, bound to the columns of a schema. */
final class RowJudges {
  private final List<Types.NestedField> columns;

  RowJudges(List<Types.NestedField> columns) {
    this.columns = columns;
  }

  /** The judge of a rule that judges rows one by one. */
  RowJudge of(Rule rule) {
    int[] positions = positions(rule);
    if (rule.kind() == Rule.Kind.NOT_NULL) {
      return notNull(positions);
    }
    int column = positions[0];
    Type type = columns.get(column).type();
    List<?> arguments = rule.arguments();
    return switch (rule.kind()) {
      case BETWEEN ->
          RangeJudge.of(column, type, arguments.get(0), arguments.get(1), rule.isExclusive());
      case IN_SET -> MemberJudge.of(column, type, rule.arguments());
      case MATCHES ->
          new TextJudges.Expression(column, (String) Objects.requireNonNull(arguments.get(0)));
      case LENGTH ->
          new TextJudges.Length(
              column,
              type.typeId() == Type.TypeID.STRING,
              (Long) Objects.requireNonNull(arguments.get(0)),
              (Long) Objects.requireNonNull(arguments.get(1)));
      case COMPARE ->
          new CompareJudge(
              column, positions[1], (String) Objects.requireNonNull(arguments.get(0)), type);
      default -> throw new IllegalArgumentException("no rule on rows: " + rule);
    };
  }

  /** Where the columns of a rule are. */
  int[] positions(Rule rule) {
    return rule.columns().stream().mapToInt(this::position).toArray();
  }

  private int position(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column " + name + " in the table's schema");
  }

  private static RowJudge notNull(int[] positions) {
    return (batch, skip, failing) -> {
      for (int position : positions) {
        RowMask nulls = batch.vector(position).nulls();
        if (nulls != null) {
          failing.or(nulls);
        }
      }
    };
  }
}
