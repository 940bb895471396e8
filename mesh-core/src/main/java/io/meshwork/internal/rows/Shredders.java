package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Makes shredders. */
public final class Shredders {
  private Shredders() {}

  /**
   * A shredder of Java records, Avro records (generic or specific) and maps with column names as
   * keys, mixed as they come.
   *
   * @param contractSchema the contract's Avro record, which says what columns mean
   * @param tableSchema its columns as stored, in the order of the batches' vectors
   * @throws InvalidRequestException naming each column of a nested type
   */
  public static Shredder forRecords(Schema contractSchema, org.apache.iceberg.Schema tableSchema) {
    return new RecordShredder(ContractColumn.all(contractSchema, tableSchema));
  }

  /** Takes apart records of one shape. */
  interface Accessor {
    void append(Object record, VectorBatch batch, int row, Violations violations);
  }

  /** Finds the accessor of each record and makes it once a class or Avro schema. */
  private static final class RecordShredder implements Shredder {
    private final List<ContractColumn> columns;
    private final Map<Object, Accessor> accessors = new HashMap<>();
    private @Nullable Object lastShape;
    private @Nullable Accessor lastAccessor;
    private long taken;

    RecordShredder(List<ContractColumn> columns) {
      this.columns = columns;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Schemas are compared in full when they are not one.
    public void shred(Object record, VectorBatch batch, Violations violations) {
      if (record == null) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot take record "
                + taken
                + " (counted from 0): it is null. Nothing of it was taken. Leave it out, or give a"
                + " record whose values are null.");
      }
      Object shape =
          record instanceof IndexedRecord avro
              ? avro.getSchema()
              : record instanceof Map ? Map.class : record.getClass();
      Accessor accessor = lastAccessor;
      if (accessor == null || shape != lastShape) {
        accessor = accessors.get(shape);
        if (accessor == null) {
          accessor = make(shape);
          accessors.put(shape, accessor);
        }
        lastShape = shape;
        lastAccessor = accessor;
      }
      accessor.append(record, batch, batch.rows(), violations);
      taken++;
    }

    private Accessor make(Object shape) {
      if (shape instanceof Schema schema) {
        return AvroAccessor.of(schema, columns);
      }
      Class<?> recordClass = (Class<?>) shape;
      if (recordClass == Map.class) {
        return new MapAccessor(columns);
      }
      if (recordClass.isRecord()) {
        return JavaRecordAccessor.of(recordClass, columns);
      }
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot take record "
              + taken
              + " (counted from 0): its class "
              + recordClass.getName()
              + " is not a Java record, an Avro record or a Map. Nothing of it was taken. Copy its"
              + " values into one of these.");
    }
  }
}
