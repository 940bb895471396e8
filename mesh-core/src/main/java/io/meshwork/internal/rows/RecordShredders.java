package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Creates shredders. */
public final class RecordShredders {
  private RecordShredders() {}

  /**
   * Returns a shredder of Java records, Avro records (generic or specific), and maps with column
   * names as keys, in any mixture.
   *
   * @param contractSchema the contract's Avro record, which determines the types of columns
   * @param tableSchema its columns as stored, in the order of the batches' vectors
   * @param action the action for messages, such as {@code publish to commerce/orders}
   */
  public static RecordShredder forRecords(
      Schema contractSchema, org.apache.iceberg.Schema tableSchema, MeshAction action) {
    return new AccessorShredder(ColumnGroup.of(contractSchema, tableSchema), action);
  }

  /** Returns a shredder without an action for messages. */
  public static RecordShredder forRecords(
      Schema contractSchema, org.apache.iceberg.Schema tableSchema) {
    return forRecords(contractSchema, tableSchema, MeshAction.of(Verb.WRITE, "rows"));
  }

  /** Reads records of one shape. */
  interface Accessor {
    /** Appends one slot to each vector; {@code row} is the row of the batch, for violations. */
    void append(Object record, List<Vector> vectors, int row, TypeViolations violations);
  }

  /** Returns the key of records that are read in the same way. */
  static Object shapeOf(Object record) {
    return record instanceof IndexedRecord avro
        ? avro.getSchema()
        : record instanceof Map ? Map.class : record.getClass();
  }

  /**
   * Returns the accessor of a shape, which must not be used if it has mismatches; null if the class
   * is not supported.
   */
  static @Nullable Accessor accessor(Object shape, ColumnGroup group, SchemaMismatches mismatches) {
    if (shape instanceof Schema schema) {
      return AvroAccessor.of(schema, group, mismatches);
    }
    Class<?> recordClass = (Class<?>) shape;
    if (recordClass == Map.class) {
      return new MapAccessor(group);
    }
    return recordClass.isRecord() ? JavaRecordAccessor.of(recordClass, group, mismatches) : null;
  }

  /** Finds the accessor of each record, created once per class or Avro schema. */
  private static final class AccessorShredder implements RecordShredder {
    private final ColumnGroup columns;
    private final MeshAction action;
    private final Map<Object, Accessor> accessors = new HashMap<>();
    private @Nullable Object lastShape;
    private @Nullable Accessor lastAccessor;
    private long shreddedRecords;

    AccessorShredder(ColumnGroup columns, MeshAction action) {
      this.columns = columns;
      this.action = action;
    }

    @Override
    @SuppressWarnings(
        "ReferenceEquality") // Avro compares different schema instances in full, which is slow.
    public void shred(Object record, VectorBatch batch, TypeViolations violations) {
      if (record == null) {
        throw Failure.of(action)
            .because("record " + (shreddedRecords + 1) + " is null")
            .state("Nothing was published.")
            .fix("Remove it, or pass a record whose values are null.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      Object shape = shapeOf(record);
      Accessor accessor = lastAccessor;
      if (accessor == null || shape != lastShape) {
        accessor = accessors.get(shape);
        if (accessor == null) {
          accessor = create(shape);
          accessors.put(shape, accessor);
        }
        lastShape = shape;
        lastAccessor = accessor;
      }
      int row = batch.rows();
      try {
        accessor.append(record, batch.vectors(), row, violations);
      } catch (Throwable e) {
        // Accessors and collections are user code and may throw anywhere.
        batch.truncate(row);
        throw e;
      }
      shreddedRecords++;
    }

    private Accessor create(Object shape) {
      SchemaMismatches mismatches =
          new SchemaMismatches(
              new MeshAction(
                  action.verb(),
                  action.subject()
                      + (shape instanceof Schema schema
                          ? " from Avro records of schema " + schema.getFullName()
                          : " from records of class " + ((Class<?>) shape).getName())));
      Accessor accessor = accessor(shape, columns, mismatches);
      mismatches.refuseInput();
      if (accessor != null) {
        return accessor;
      }
      throw Failure.of(action)
          .because(
              "the class of record "
                  + (shreddedRecords + 1)
                  + ", "
                  + ((Class<?>) shape).getName()
                  + ", is not a Java record, an Avro record, or a Map")
          .state("Nothing was published.")
          .fix("Copy its values into one of these.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }
}
