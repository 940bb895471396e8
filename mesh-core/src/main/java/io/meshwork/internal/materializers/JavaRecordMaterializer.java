package io.meshwork.internal.materializers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.ColumnGroup;
import io.meshwork.internal.rows.RecordCreator;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;

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
    return create(factory.read(batch.vectors(), row, row + 1, rowNumber));
  }

  @Override
  public Iterator<R> rows(VectorBatch batch) {
    return new BlockIterator<RecordCreator.Values, R>(batch) {
      @Override
      RecordCreator.Values read(int from, int to) {
        return factory.read(batch.vectors(), from, to, rowNumber);
      }

      @Override
      R row(RecordCreator.Values block, int index) {
        block.moveTo(index);
        return create(block);
      }
    };
  }

  private R create(RecordCreator.Values values) {
    R record = recordType.cast(factory.create(values, rowNumber));
    rowNumber++;
    return record;
  }
}
