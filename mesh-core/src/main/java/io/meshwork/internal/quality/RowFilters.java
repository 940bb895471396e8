package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.Predicate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The filters of a contract's rules, each answered once a batch. Not thread-safe. */
final class RowFilters {
  private final Map<String, Predicate> filters = new HashMap<>();
  private final Map<String, RowMask> answers = new HashMap<>();
  private @Nullable VectorBatch answered;

  RowFilters(Iterable<Rule> rules, Schema schema) {
    for (Rule rule : rules) {
      rule.where()
          .ifPresent(
              filter ->
                  filters.computeIfAbsent(
                      filter, text -> Predicate.parse(text, schema, "judge rows")));
    }
  }

  /** Begins another batch; answers of the one before are forgotten. */
  void next(VectorBatch batch) {
    answers.clear();
    answered = batch;
  }

  /** The rows of the batch that a rule looks at; null if it looks at all. */
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
}
