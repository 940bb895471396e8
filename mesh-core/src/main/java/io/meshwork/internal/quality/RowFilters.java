package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The filters of a contract's rules, each evaluated once per batch. Not thread-safe. */
final class RowFilters {
  private final Map<String, RowPredicate> filters = new HashMap<>();
  private final Map<String, RowMask> answers = new HashMap<>();
  private @Nullable VectorBatch answered;

  RowFilters(Iterable<Rule> rules, Schema schema) {
    for (Rule rule : rules) {
      rule.where()
          .ifPresent(
              filter ->
                  filters.computeIfAbsent(
                      filter,
                      text -> RowPredicate.parse(text, schema, MeshAction.of(Verb.CHECK, "rows"))));
    }
  }

  /** Starts another batch and discards the results of the previous one. */
  void next(VectorBatch batch) {
    answers.clear();
    answered = batch;
  }

  /** Returns the rows of the batch that a rule applies to; null for all rows. */
  @Nullable RowMask of(Rule rule) {
    String filter = rule.where().orElse(null);
    return filter == null
        ? null
        : answers.computeIfAbsent(
            filter,
            text ->
                Objects.requireNonNull(filters.get(text))
                    .matches(Objects.requireNonNull(answered)));
  }

  /** Returns the rows among these that a rule applies to. */
  RowMask retained(Rule rule, RowMask rows, int batchRows) {
    RowMask applicable = of(rule);
    if (applicable == null) {
      return rows;
    }
    RowMask both = new RowMask(batchRows);
    both.or(rows);
    both.and(applicable);
    return both;
  }

  /** Returns the rows that a rule does not apply to, and these. */
  RowMask skipped(Rule rule, RowMask rows, int batchRows) {
    RowMask applicable = of(rule);
    if (applicable == null) {
      return rows;
    }
    RowMask skipped = new RowMask(batchRows);
    skipped.or(applicable);
    skipped.flip(batchRows);
    skipped.or(rows);
    return skipped;
  }
}
