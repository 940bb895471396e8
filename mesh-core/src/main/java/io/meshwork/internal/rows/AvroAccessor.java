package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.Vector;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Reads the fields of Avro records of one schema, by position. Raw values are in the unit of the
 * record's own schema, which may differ from the contract's.
 */
final class AvroAccessor {
  private AvroAccessor() {}

  /** Returns the accessor of a schema; it must not be used if it adds mismatches. */
  static RecordShredders.Accessor of(
      Schema schema, ColumnGroup group, SchemaMismatches mismatches) {
    List<String> names = group.names();
    Set<String> known = new HashSet<>(names);
    for (Schema.Field field : schema.getFields()) {
      if (!known.contains(field.name())) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            group.place(field.name()),
            "field '" + group.place(field.name()) + "' is not a column of the contract",
            "remove or rename the field; " + mismatches.suggestionsFor(field.name(), names));
      }
    }
    FieldWriter[] steps = new FieldWriter[names.size()];
    for (ContractColumn column : group.columns()) {
      Schema.Field field = schema.getField(column.name());
      FieldWriter step =
          field == null ? FieldWriter.ofMissing(column) : present(field, column, mismatches);
      if (step != null) {
        steps[column.position()] = step;
      } else {
        mismatches.add(
            FindingCode.INPUT_COLUMN_MISSING,
            column.path(),
            "the field '" + column.path() + "' is missing, a required column without default",
            "add the field of type " + column.typeName());
      }
    }
    return new FieldAccessor(schema.getFullName(), steps);
  }

  private static FieldWriter present(
      Schema.Field field, ContractColumn column, SchemaMismatches mismatches) {
    Schema type = ColumnKind.withoutNull(field.schema());
    ValueAppender appender = ValueAppender.of(column, type);
    appender.fitAvro(type, "field '" + column.path() + "'", mismatches);
    return new FieldStep(field.pos(), appender);
  }

  private static final class FieldStep extends FieldWriter {
    private final int position;
    private final ValueAppender appender;

    FieldStep(int position, ValueAppender appender) {
      this.position = position;
      this.appender = appender;
    }

    @Override
    void append(RecordRun run, Vector vector) {
      if (run.size() == 1) {
        Object value = ((IndexedRecord) run.records()[run.from()]).get(position);
        appendAny(appender, value, vector, run.row(), run.violations());
        return;
      }
      // Apart from what is done with them, so that the CPU waits for several values at once.
      appender.appendAll(readAll(run), vector, run.row(), run.violations());
    }

    private ObjectRun readAll(RecordRun run) {
      // As ObjectRun.add, but faster with arrays that no other code knows yet.
      Object[] values = new Object[run.size()];
      int[] levels = new int[run.size()];
      int count = 0;
      for (int i = 0; i < levels.length; i++) {
        Object value = ((IndexedRecord) run.records()[run.from() + i]).get(position);
        if (value != null) {
          levels[i] = 1;
          values[count++] = value;
        }
      }
      return new ObjectRun(values, count, levels);
    }
  }
}
