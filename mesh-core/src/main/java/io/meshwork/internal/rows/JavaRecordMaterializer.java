package io.meshwork.internal.rows;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Creates Java records from rows. */
final class JavaRecordMaterializer<R> implements RowMaterializer<R> {
  /** Rows whose values are read at once, column by column. */
  private static final int ROWS_AT_ONCE = 64;

  /** Average size of rows that are read one by one, in bytes. */
  private static final long LARGE_ROW = 16L << 10;

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
    return new BlockIterator(batch);
  }

  private R create(RecordCreator.Values values) {
    R record = recordType.cast(factory.create(values, rowNumber));
    rowNumber++;
    return record;
  }

  /**
   * Reads the values of a block of rows at once. If one of them fails, the following rows are read
   * one by one, so that the rows before it are returned.
   */
  private final class BlockIterator implements Iterator<R> {
    private final VectorBatch batch;
    private final int rows;
    private RecordCreator.Values block = new RecordCreator.Values(new Object[0], 0);
    private int atOnce;
    private int row;

    BlockIterator(VectorBatch batch) {
      this.batch = batch;
      this.rows = batch.rows();
      long bytes = batch.vectors().stream().mapToLong(Vector::variableByteSize).sum();
      this.atOnce = bytes > rows * LARGE_ROW ? 1 : ROWS_AT_ONCE;
    }

    @Override
    public boolean hasNext() {
      return row < rows;
    }

    @Override
    public R next() {
      if (row >= rows) {
        throw new NoSuchElementException("the batch has " + rows + " rows");
      }
      if (block.index == block.size) {
        block = read();
      }
      R record = create(block);
      block.index++;
      row++;
      return record;
    }

    private RecordCreator.Values read() {
      if (atOnce > 1) {
        try {
          return factory.read(batch.vectors(), row, Math.min(row + atOnce, rows), rowNumber);
        } catch (RuntimeException e) {
          atOnce = 1;
        }
      }
      return factory.read(batch.vectors(), row, row + 1, rowNumber);
    }
  }
}
