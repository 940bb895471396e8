package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.Vector;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads maps with column names as keys. Each map has its own shape, so what rejects a class is a
 * violation of the row here. A required column without key and default becomes null, which the
 * check of required columns evaluates; within a column it is a violation.
 */
final class MapAccessor implements RecordShredders.Accessor {
  private final ColumnGroup group;
  private final List<ContractColumn> columns;
  private final List<String> names;
  private final Set<String> known;
  private final ValueAppender[] appenders;
  private final @Nullable FieldWriter[] missing;

  MapAccessor(ColumnGroup group) {
    this.group = group;
    this.columns = group.columns();
    this.names = group.names();
    this.known = new HashSet<>(names);
    this.appenders = new ValueAppender[columns.size()];
    this.missing = new FieldWriter[columns.size()];
    for (int i = 0; i < appenders.length; i++) {
      appenders[i] = ValueAppender.of(columns.get(i), null);
      missing[i] = FieldWriter.ofMissing(columns.get(i));
    }
  }

  @Override
  public void append(RecordRun run, List<Vector> vectors) {
    ObjectRun[] read = run.size() > 1 ? read(run) : null;
    if (read != null) {
      for (int i = 0; i < appenders.length; i++) {
        appenders[i].appendAll(read[i], vectors.get(i), run.row(), run.violations());
      }
      return;
    }
    for (int i = run.from(); i < run.to(); i++) {
      append((Map<?, ?>) run.records()[i], vectors, run.row(i), run.violations());
    }
  }

  /** Returns the values by column; null if the keys of a map are not the names of all columns. */
  private ObjectRun @Nullable [] read(RecordRun run) {
    for (int row = run.from(); row < run.to(); row++) {
      if (((Map<?, ?>) run.records()[row]).size() != appenders.length) {
        return null;
      }
    }
    ObjectRun[] read = new ObjectRun[appenders.length];
    for (int i = 0; i < read.length; i++) {
      String name = columns.get(i).name();
      read[i] = new ObjectRun(run.size());
      for (int row = run.from(); row < run.to(); row++) {
        Map<?, ?> values = (Map<?, ?>) run.records()[row];
        Object value = values.get(name);
        if (value == null && !values.containsKey(name)) {
          return null;
        }
        read[i].addContent(value);
      }
    }
    return read;
  }

  private void append(Map<?, ?> values, List<Vector> vectors, int row, TypeViolations violations) {
    int found = 0;
    for (int i = 0; i < appenders.length; i++) {
      String name = columns.get(i).name();
      Object value = values.get(name);
      if (value != null || values.containsKey(name)) {
        found++;
        FieldWriter.appendAny(appenders[i], value, vectors.get(i), row, violations);
      } else {
        FieldWriter constant = missing[i];
        if (constant == null) {
          appenders[i].appendNull(vectors.get(i), row, violations);
        } else {
          constant.appendMissing(values, vectors.get(i), row, violations);
        }
      }
    }
    if (values.size() > found) {
      refuseUnknown(values, row, violations);
    }
  }

  private void refuseUnknown(Map<?, ?> values, int row, TypeViolations violations) {
    for (Object key : values.keySet()) {
      if (!(key instanceof String name)) {
        violations.add(
            row,
            group.owner(),
            FindingCode.UNKNOWN_COLUMN,
            key == null
                ? "a null key; keys must be column names"
                : "a key of class " + key.getClass().getName() + "; keys must be column names");
      } else if (!known.contains(name)) {
        violations.add(
            row,
            group.place(SchemaMismatches.quoted(name)),
            FindingCode.UNKNOWN_COLUMN,
            "the contract has no such column; " + SchemaMismatches.suggestions(name, names));
      }
    }
  }
}
