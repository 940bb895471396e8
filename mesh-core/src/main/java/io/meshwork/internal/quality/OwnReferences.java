package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.uniqueness.OpenReferences;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;

/**
 * Measures the rows of a publish that refer to rows of the same product, which may be part of the
 * publish or already in the table.
 */
public final class OwnReferences implements RowMeasure {
  private final References condition;
  private final boolean hasFilter;
  private final Schema schema;
  private final OpenReferences open = new OpenReferences();

  OwnReferences(Rule rule, References condition, Schema schema) {
    this.condition = condition;
    this.hasFilter = rule.where().isPresent();
    this.schema = schema;
  }

  /** Returns why the rule cannot be evaluated; empty if it can. */
  public Optional<String> gap() {
    if (hasFilter) {
      return Optional.of("a rule on references within a product does not support a filter");
    }
    List<LeafPath> from = ReferenceEvaluator.paths(schema, condition.columns());
    for (int i = 0; i < from.size(); i++) {
      LeafPath to;
      try {
        to = LeafPath.of(schema, condition.otherColumns().get(i));
      } catch (IllegalArgumentException e) {
        return Optional.of("there is no column " + condition.otherColumns().get(i));
      }
      if (to.isRepeated() || !ReferenceEvaluator.comparable(from.get(i).type(), to.type())) {
        return Optional.of(
            "columns "
                + condition.columns().get(i)
                + " and "
                + condition.otherColumns().get(i)
                + " have different types");
      }
    }
    return open.isFull()
        ? Optional.of("the rows refer to more distinct keys than the memory limit allows")
        : Optional.empty();
  }

  @Override
  public void add(VectorBatch batch, RowMask rows) {
    if (gap().isEmpty()) {
      open.add(
          batch,
          rows,
          ReferenceEvaluator.paths(schema, condition.columns()),
          ReferenceEvaluator.paths(schema, condition.otherColumns()));
    }
  }

  @Override
  public void add(RowMeasure other) {
    throw new IllegalStateException("references of two publishes cannot be added");
  }

  /** Returns the field IDs of the referenced columns. */
  public Set<Integer> fieldIds() {
    Set<Integer> ids = new HashSet<>();
    ReferenceEvaluator.paths(schema, condition.otherColumns())
        .forEach(path -> ids.add(path.fieldId()));
    return ids;
  }

  /**
   * Returns the number of rows whose reference has no match.
   *
   * @param existingRows batches of the rows that stay in the table, with these columns; read until
   *     every reference has a match
   */
  public long unmatched(Iterable<VectorBatch> existingRows) {
    return open.unmatched(
        existingRows, schema -> ReferenceEvaluator.paths(schema, condition.otherColumns()));
  }

  @Override
  public boolean seesAllValues() {
    return true;
  }

  @Override
  public MeasuredValue result() {
    return new MeasuredValue(BigDecimal.valueOf(unmatched(List.of())), "", 0);
  }
}
