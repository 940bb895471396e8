package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Takes apart Avro records of one schema, by position. Raw values are in the unit of the record's
 * own schema, which may be another than the contract's.
 */
final class AvroAccessor {
  private AvroAccessor() {}

  /** The accessor of a schema, of no use if it adds gaps. */
  static Shredders.Accessor of(Schema schema, ColumnGroup group, Gaps gaps) {
    List<String> names = group.names();
    Set<String> known = new HashSet<>(names);
    for (Schema.Field field : schema.getFields()) {
      if (!known.contains(field.name())) {
        gaps.add(
            "UNKNOWN_COLUMN",
            group.place(field.name()),
            "field '" + group.place(field.name()) + "' is no column of the contract",
            "drop or rename the field; " + Gaps.candidates(field.name(), names));
      }
    }
    ColumnStep[] steps = new ColumnStep[names.size()];
    for (ContractColumn column : group.columns()) {
      Schema.Field field = schema.getField(column.name());
      ColumnStep step = field == null ? ColumnStep.ofMissing(column) : present(field, column, gaps);
      if (step != null) {
        steps[column.position()] = step;
      } else {
        gaps.add(
            "MISSING_COLUMN",
            column.path(),
            "it has no field '" + column.path() + "', a required column without default",
            "add the field of type " + column.typeName());
      }
    }
    return new StepAccessor(schema.getFullName(), steps);
  }

  private static ColumnStep present(Schema.Field field, ContractColumn column, Gaps gaps) {
    Schema type = ColumnKind.withoutNull(field.schema());
    ValueAppender appender = ValueAppender.of(column, type);
    appender.fitAvro(type, "field '" + column.path() + "'", gaps);
    return new FieldStep(field.pos(), appender);
  }

  private static final class FieldStep extends ColumnStep {
    private final int position;
    private final ValueAppender appender;

    FieldStep(int position, ValueAppender appender) {
      this.position = position;
      this.appender = appender;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) {
      appendAny(appender, ((IndexedRecord) record).get(position), vector, row, violations);
    }
  }
}
