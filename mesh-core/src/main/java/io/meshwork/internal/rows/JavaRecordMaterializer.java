package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.VectorBatch;

/** Makes Java records out of rows. */
final class JavaRecordMaterializer<R> implements Materializer<R> {
  private final Class<R> recordType;
  private final RecordMaking making;
  private long made;

  private JavaRecordMaterializer(Class<R> recordType, RecordMaking making) {
    this.recordType = recordType;
    this.making = making;
  }

  static <R> JavaRecordMaterializer<R> of(Class<R> recordType, ColumnGroup columns) {
    Gaps gaps = new Gaps("Cannot read rows into " + recordType.getName());
    RecordMaking making = RecordMaking.of(recordType, columns, gaps);
    gaps.refuseReader();
    if (making == null) {
      throw new IllegalStateException("no reason was given why " + recordType + " does not fit");
    }
    return new JavaRecordMaterializer<>(recordType, making);
  }

  @Override
  public R row(VectorBatch batch, int row) {
    R record = recordType.cast(making.make(batch.vectors(), row, made));
    made++;
    return record;
  }
}
