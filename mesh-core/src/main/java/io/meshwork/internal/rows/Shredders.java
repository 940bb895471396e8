package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.Vector;
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
   * @param doing what is being done, for messages, such as {@code publish to commerce/orders}
   */
  public static Shredder forRecords(
      Schema contractSchema, org.apache.iceberg.Schema tableSchema, String doing) {
    return new RecordShredder(ColumnGroup.of(contractSchema, tableSchema), doing);
  }

  /** The same where nobody sees what is being done. */
  public static Shredder forRecords(Schema contractSchema, org.apache.iceberg.Schema tableSchema) {
    return forRecords(contractSchema, tableSchema, "take rows");
  }

  /** Takes apart records of one shape. */
  interface Accessor {
    /** Adds one slot to each vector; {@code row} is the row of the batch, for violations. */
    void append(Object record, List<Vector> vectors, int row, Violations violations);
  }

  /** What records that are taken apart in the same way have in common. */
  static Object shapeOf(Object record) {
    return record instanceof IndexedRecord avro
        ? avro.getSchema()
        : record instanceof Map ? Map.class : record.getClass();
  }

  /**
   * The accessor of a shape, of no use if it has gaps; null if no such class can be taken apart.
   */
  static @Nullable Accessor accessor(Object shape, ColumnGroup group, Gaps gaps) {
    if (shape instanceof Schema schema) {
      return AvroAccessor.of(schema, group, gaps);
    }
    Class<?> recordClass = (Class<?>) shape;
    if (recordClass == Map.class) {
      return new MapAccessor(group);
    }
    return recordClass.isRecord() ? JavaRecordAccessor.of(recordClass, group, gaps) : null;
  }

  /** Finds the accessor of each record and makes it once a class or Avro schema. */
  private static final class RecordShredder implements Shredder {
    private final ColumnGroup columns;
    private final String doing;
    private final Map<Object, Accessor> accessors = new HashMap<>();
    private @Nullable Object lastShape;
    private @Nullable Accessor lastAccessor;
    private long taken;

    RecordShredder(ColumnGroup columns, String doing) {
      this.columns = columns;
      this.doing = doing;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Schemas are compared in full when they are not one.
    public void shred(Object record, VectorBatch batch, Violations violations) {
      if (record == null) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot "
                + doing
                + ": record "
                + (taken + 1)
                + " is null. Nothing was published. Leave it out, or give a record whose values are"
                + " null.");
      }
      Object shape = shapeOf(record);
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
      int row = batch.rows();
      try {
        accessor.append(record, batch.vectors(), row, violations);
      } catch (Throwable e) {
        // Accessors and collections are the user's code and may throw at any place.
        batch.truncate(row);
        throw e;
      }
      taken++;
    }

    private Accessor make(Object shape) {
      Gaps gaps =
          new Gaps(
              shape instanceof Schema schema
                  ? "Cannot " + doing + " from Avro records of schema " + schema.getFullName()
                  : "Cannot " + doing + " from records of class " + ((Class<?>) shape).getName());
      Accessor accessor = accessor(shape, columns, gaps);
      gaps.refuseInput();
      if (accessor != null) {
        return accessor;
      }
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + ": the class of record "
              + (taken + 1)
              + ", "
              + ((Class<?>) shape).getName()
              + ", is not a Java record, an Avro record or a Map. Nothing was published. Copy its"
              + " values into one of these.");
    }
  }
}
