package io.meshwork.internal.rows;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.VectorBatch;

/** Creates Java records from rows. */
final class JavaRecordMaterializer<R> implements RowMaterializer<R> {
  private final Class<R> recordType;
  private final RecordFactory factory;
  private long rowNumber;

  private JavaRecordMaterializer(Class<R> recordType, RecordFactory factory) {
    this.recordType = recordType;
    this.factory = factory;
  }

  static <R> JavaRecordMaterializer<R> of(Class<R> recordType, ColumnGroup columns) {
    SchemaMismatches mismatches =
        new SchemaMismatches(MeshAction.of(Verb.READ, "rows into " + recordType.getName()));
    RecordFactory factory = RecordFactory.of(recordType, columns, mismatches);
    mismatches.refuseReader();
    if (factory == null) {
      throw new IllegalStateException("no mismatch explains why " + recordType + " does not fit");
    }
    return new JavaRecordMaterializer<>(recordType, factory);
  }

  @Override
  public R row(VectorBatch batch, int row) {
    R record = recordType.cast(factory.create(batch.vectors(), row, rowNumber));
    rowNumber++;
    return record;
  }
}
