package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.measure.Figure;
import io.meshwork.internal.measure.LeafPath;
import io.meshwork.internal.measure.Measure;
import io.meshwork.internal.measure.OpenReferences;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;

/**
 * Rows of a publish that refer to rows of the same product, which may come with the same publish or
 * be there already.
 */
public final class OwnReferences implements Measure {
  private final Rule rule;
  private final Schema schema;
  private final OpenReferences open = new OpenReferences();

  OwnReferences(Rule rule, Schema schema) {
    this.rule = rule;
    this.schema = schema;
  }

  /** Why it cannot be judged; empty if it can. */
  public Optional<String> gap() {
    if (rule.where().isPresent()) {
      return Optional.of("a rule on references within a product takes no filter");
    }
    List<LeafPath> from = ReferencesJudge.paths(schema, rule.columns());
    for (int i = 0; i < from.size(); i++) {
      LeafPath to;
      try {
        to = LeafPath.of(schema, rule.otherColumns().get(i));
      } catch (IllegalArgumentException e) {
        return Optional.of("there is no column " + rule.otherColumns().get(i));
      }
      if (to.isRepeated() || !ReferencesJudge.comparable(from.get(i).type(), to.type())) {
        return Optional.of(
            "columns "
                + rule.columns().get(i)
                + " and "
                + rule.otherColumns().get(i)
                + " have different types");
      }
    }
    return open.isFull()
        ? Optional.of("the rows refer to more different keys than memory may hold")
        : Optional.empty();
  }

  @Override
  public void add(VectorBatch batch, RowMask rows) {
    if (gap().isEmpty()) {
      open.add(
          batch,
          rows,
          ReferencesJudge.paths(schema, rule.columns()),
          ReferencesJudge.paths(schema, rule.otherColumns()));
    }
  }

  @Override
  public void add(Measure other) {
    throw new IllegalStateException("references of two publishes are not added");
  }

  /** Field ids of the columns that rows are referred to by. */
  public Set<Integer> fieldIds() {
    Set<Integer> ids = new HashSet<>();
    ReferencesJudge.paths(schema, rule.otherColumns()).forEach(path -> ids.add(path.fieldId()));
    return ids;
  }

  /**
   * How many rows refer to none.
   *
   * @param standing batches of the rows that stay in the table, with these columns; read as far as
   *     is needed
   */
  public long unmatched(Iterable<VectorBatch> standing) {
    return open.unmatched(standing, found -> ReferencesJudge.paths(found, rule.otherColumns()));
  }

  @Override
  public Figure result() {
    return new Figure(BigDecimal.valueOf(unmatched(List.of())), "", 0);
  }
}
