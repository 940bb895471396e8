package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart maps with column names as keys. Each map has a shape of its own, so what a class is
 * refused for is here a violation of the row; a required column without key and default becomes
 * null, which the check of required columns judges; inside of a column that is a violation.
 */
final class MapAccessor implements Shredders.Accessor {
  private final ColumnGroup group;
  private final List<ContractColumn> columns;
  private final List<String> names;
  private final Set<String> known;
  private final ValueAppender[] appenders;
  private final @Nullable ColumnStep[] missing;

  MapAccessor(ColumnGroup group) {
    this.group = group;
    this.columns = group.columns();
    this.names = group.names();
    this.known = new HashSet<>(names);
    this.appenders = new ValueAppender[columns.size()];
    this.missing = new ColumnStep[columns.size()];
    for (int i = 0; i < appenders.length; i++) {
      appenders[i] = ValueAppender.of(columns.get(i), null);
      missing[i] = ColumnStep.ofMissing(columns.get(i));
    }
  }

  @Override
  public void append(Object record, List<Vector> vectors, int row, Violations violations) {
    Map<?, ?> values = (Map<?, ?>) record;
    int found = 0;
    for (int i = 0; i < appenders.length; i++) {
      String name = columns.get(i).name();
      Object value = values.get(name);
      if (value != null || values.containsKey(name)) {
        found++;
        ColumnStep.appendAny(appenders[i], value, vectors.get(i), row, violations);
      } else {
        appendMissing(appenders[i], missing[i], record, vectors.get(i), row, violations);
      }
    }
    if (values.size() > found) {
      refuseUnknown(values, row, violations);
    }
  }

  private static void appendMissing(
      ValueAppender appender,
      @Nullable ColumnStep step,
      Object record,
      Vector vector,
      int row,
      Violations violations) {
    if (step == null) {
      appender.appendNull(vector, row, violations);
      return;
    }
    try {
      step.append(record, vector, row, violations);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a default threw a checked exception", e);
    }
  }

  private void refuseUnknown(Map<?, ?> values, int row, Violations violations) {
    for (Object key : values.keySet()) {
      if (!(key instanceof String name)) {
        violations.add(
            row,
            group.owner(),
            Violations.UNKNOWN_COLUMN,
            key == null
                ? "a null key; keys are names of columns"
                : "a key of class " + key.getClass().getName() + "; keys are names of columns");
      } else if (!known.contains(name)) {
        violations.add(
            row,
            group.place(Gaps.shown(name)),
            Violations.UNKNOWN_COLUMN,
            "the contract has no such column; " + Gaps.candidates(name, names));
      }
    }
  }
}
