package io.meshwork.internal.quality;

import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.uniqueness.KnownKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Fails rows that refer to a row that another product does not have. */
final class ReferenceEvaluator implements RowRuleEvaluator {
  private final List<LeafPath> columns;
  private final KnownKeys knownKeys;
  private final String basis;

  private ReferenceEvaluator(List<LeafPath> columns, KnownKeys knownKeys, String basis) {
    this.columns = columns;
    this.knownKeys = knownKeys;
    this.basis = basis;
  }

  /** Returns the evaluator of a rule; it evaluates no row if the keys cannot be used. */
  static RowRuleEvaluator of(References condition, Schema schema, ReferencedKeys keys) {
    return keys.gap().isEmpty()
        ? new ReferenceEvaluator(
            paths(schema, condition.columns()), keys.keys(), "compared with " + keys.name())
        : new Absent(keys.gap());
  }

  /** Returns why the other product's columns cannot be used, as a clause; null if they can. */
  static @Nullable String gap(
      References condition, List<LeafPath> columns, OtherProducts.SnapshotRows others) {
    for (int i = 0; i < columns.size(); i++) {
      String name = condition.otherColumns().get(i);
      LeafPath path;
      try {
        path = LeafPath.of(others.schema(), name);
      } catch (IllegalArgumentException e) {
        return others.name() + " has no column " + name;
      }
      if (path.isRepeated() || !comparable(columns.get(i).type(), path.type())) {
        return "column "
            + name
            + " of "
            + others.name()
            + " has the type "
            + path.type()
            + ", which differs from column "
            + condition.columns().get(i);
      }
    }
    return null;
  }

  /** Returns true for types whose equal values have equal keys. */
  static boolean comparable(Type ours, Type theirs) {
    return ours.equals(theirs)
        || (isWhole(ours) && isWhole(theirs))
        || (isFloating(ours) && isFloating(theirs))
        || (ours instanceof Types.DecimalType one
            && theirs instanceof Types.DecimalType theirDecimal
            && one.scale() == theirDecimal.scale()
            && one.precision() <= 18 == theirDecimal.precision() <= 18);
  }

  private static boolean isWhole(Type type) {
    return type.typeId() == Type.TypeID.INTEGER || type.typeId() == Type.TypeID.LONG;
  }

  private static boolean isFloating(Type type) {
    return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
  }

  static List<LeafPath> paths(Schema schema, List<String> names) {
    List<LeafPath> paths = new ArrayList<>();
    names.forEach(name -> paths.add(LeafPath.of(schema, name)));
    return paths;
  }

  @Override
  public String basis() {
    return basis;
  }

  @Override
  public void evaluate(VectorBatch batch, RowMask skip, RowMask failing) {
    knownKeys.addUnknown(batch, columns, skip, failing);
  }
}
