package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart Avro records of one schema, by position. Raw values are in the unit of the record's
 * own schema, which may be another than the contract's.
 */
final class AvroAccessor implements Shredders.Accessor {
  private final ColumnStep[] steps;

  private AvroAccessor(ColumnStep[] steps) {
    this.steps = steps;
  }

  static AvroAccessor of(Schema schema, List<ContractColumn> columns) {
    Gaps gaps = new Gaps("Cannot take Avro records of schema " + schema.getFullName());
    List<String> names = columns.stream().map(ContractColumn::name).toList();
    Set<String> known = new HashSet<>(names);
    for (Schema.Field field : schema.getFields()) {
      if (!known.contains(field.name())) {
        gaps.add(
            "UNKNOWN_COLUMN",
            field.name(),
            "field '" + field.name() + "' is no column of the contract",
            "drop or rename the field; " + Gaps.candidates(field.name(), names));
      }
    }
    ColumnStep[] steps = new ColumnStep[columns.size()];
    for (ContractColumn column : columns) {
      Schema.Field field = schema.getField(column.name());
      ColumnStep step = field == null ? ColumnStep.ofMissing(column) : present(field, column, gaps);
      if (step != null) {
        steps[column.position()] = step;
      } else if (field == null) {
        gaps.add(
            "MISSING_COLUMN",
            column.name(),
            "it has no field '" + column.name() + "', a required column without default",
            "add the field of type " + column.typeName());
      }
    }
    gaps.refuseInput();
    return new AvroAccessor(steps);
  }

  @Override
  public void append(Object record, VectorBatch batch, int row, Violations violations) {
    try {
      for (int i = 0; i < steps.length; i++) {
        steps[i].append(record, batch.vector(i), row, violations);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an Avro record threw a checked exception", e);
    }
  }

  private static @Nullable ColumnStep present(
      Schema.Field field, ContractColumn column, Gaps gaps) {
    Schema type = ColumnKind.withoutNull(field.schema());
    ColumnKind kind = type == null ? null : ColumnKind.of(type);
    if (type == null || kind == null || !column.kind().takesAvro(kind)) {
      gaps.add(
          "TYPE_MISMATCH",
          column.name(),
          "field '"
              + column.name()
              + "' has the Avro type "
              + describe(type)
              + ", and the column has the type "
              + column.typeName(),
          "give the field the contract's type");
      return null;
    }
    return new FieldStep(field.pos(), ValueAppender.of(column, type));
  }

  private static String describe(@Nullable Schema type) {
    if (type == null) {
      return "union of several types, or null";
    }
    return type.getLogicalType() == null
        ? type.getType().getName()
        : type.getLogicalType().getName();
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
