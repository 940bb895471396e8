package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.iceberg.types.Types;
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

  /**
   * Returns a shredder of the current row of a result set. Its records come from {@link #rows}.
   *
   * @param contractSchema the contract's Avro record
   * @param tableSchema its columns as stored, in the order of the batches' vectors
   * @param ignoringUnknownColumns true if the result set may have undeclared columns
   * @param action the action for messages
   * @throws io.meshwork.error.ContractViolationException with each column that does not fit
   * @throws io.meshwork.error.InvalidRequestException if the result set is closed
   * @throws io.meshwork.error.BackendException if it fails
   */
  public static RecordShredder forResultSet(
      ResultSet rows,
      Schema contractSchema,
      org.apache.iceberg.Schema tableSchema,
      boolean ignoringUnknownColumns,
      MeshAction action) {
    return ResultSetShredder.of(
        rows, ColumnGroup.of(contractSchema, tableSchema), ignoringUnknownColumns, action);
  }

  /**
   * Returns the rows of a result set from the one after its current row on. Each element is a map
   * that reads the current row; it is valid until the next call.
   *
   * @throws io.meshwork.error.BackendException when it is used, if the result set fails
   */
  public static Iterator<Object> rows(ResultSet rows, MeshAction action) {
    return new ResultSetRows(rows, action);
  }

  /** Returns a shredder without an action for messages. */
  public static RecordShredder forRecords(
      Schema contractSchema, org.apache.iceberg.Schema tableSchema) {
    return forRecords(contractSchema, tableSchema, MeshAction.of(Verb.WRITE, "rows"));
  }

  /** Reads records of one shape. */
  interface Accessor {
    /** Appends one slot a record to each vector, column by column. */
    void append(RecordRun run, List<Vector> vectors);
  }

  /** Returns the key of records that are read in the same way. */
  static Object shapeOf(Object record) {
    return record instanceof IndexedRecord avro
        ? avro.getSchema()
        : record instanceof Map
            ? record instanceof TypedRow row ? row.type() : Map.class
            : record.getClass();
  }

  /**
   * Returns the accessor of a shape, which must not be used if it has mismatches; null if the class
   * is not supported.
   */
  static @Nullable Accessor accessor(Object shape, ColumnGroup group, SchemaMismatches mismatches) {
    if (shape instanceof Schema schema) {
      return AvroAccessor.of(schema, group, mismatches);
    }
    if (shape instanceof Types.StructType type) {
      return TypedAppender.TypedRowAccessor.of(type, group);
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
    private final Map<Class<?>, Boolean> waiting = new HashMap<>();
    private @Nullable Object lastShape;
    private @Nullable Accessor lastAccessor;
    private @Nullable Class<?> lastClass;
    private boolean lastMayWait;
    private long shreddedRecords;

    AccessorShredder(ColumnGroup columns, MeshAction action) {
      this.columns = columns;
      this.action = action;
    }

    @Override
    public void shred(Object record, VectorBatch batch, TypeViolations violations) {
      append(RecordRun.of(record, batch.rows(), violations), accessorOf(record), batch);
    }

    @Override
    public void shredAll(
        Object[] records, int count, VectorBatch batch, TypeViolations violations) {
      for (int from = 0; from < count; ) {
        Accessor accessor = accessorOf(records[from]);
        int to = from + 1;
        while (to < count && hasLastShape(records[to])) {
          to++;
        }
        appendAll(new RecordRun(records, from, to, batch.rows(), violations), accessor, batch);
        from = to;
      }
    }

    @Override
    public boolean mayWait(Object record) {
      if (!(record instanceof Record)) {
        return false;
      }
      Class<?> recordClass = record.getClass();
      if (recordClass != lastClass) {
        lastClass = recordClass;
        lastMayWait =
            shapeOf(record) == recordClass
                && waiting.computeIfAbsent(recordClass, RecordComponents::areUnchangeable);
      }
      return lastMayWait;
    }

    /** Appends records column by column, or one by one up to the record whose accessor throws. */
    private void appendAll(RecordRun run, Accessor accessor, VectorBatch batch) {
      if (run.size() > 1) {
        try {
          append(run, accessor, batch);
          return;
        } catch (RuntimeException e) {
          // Read again below: the first record that throws is not the first to throw here.
          run.violations().truncate(run.row());
        }
      }
      for (int i = run.from(); i < run.to(); i++) {
        append(
            new RecordRun(run.records(), i, i + 1, run.row(i), run.violations()), accessor, batch);
      }
    }

    private void append(RecordRun run, Accessor accessor, VectorBatch batch) {
      try {
        accessor.append(run, batch.vectors());
      } catch (Throwable e) {
        // Accessors and collections are user code and may throw anywhere.
        batch.truncate(run.row());
        throw e;
      }
      shreddedRecords += run.size();
    }

    private Accessor accessorOf(Object record) {
      if (record == null) {
        throw Failure.of(action)
            .because("record " + (shreddedRecords + 1) + " is null")
            .state("Nothing was published.")
            .fix("Remove it, or pass a record whose values are null.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      Accessor accessor = lastAccessor;
      if (accessor == null || !hasLastShape(record)) {
        Object shape = shapeOf(record);
        accessor = accessors.get(shape);
        if (accessor == null) {
          accessor = create(shape);
          accessors.put(shape, accessor);
        }
        lastShape = shape;
        lastAccessor = accessor;
      }
      return accessor;
    }

    /** Compares the class first: it takes time to find that a class has no interface. */
    @SuppressWarnings(
        "ReferenceEquality") // Avro compares different schema instances in full, which is slow.
    private boolean hasLastShape(@Nullable Object record) {
      return record != null
          && (record.getClass() == lastShape
              || (record instanceof TypedRow row ? row.type() : shapeOf(record)) == lastShape);
    }

    private Accessor create(Object shape) {
      SchemaMismatches mismatches =
          new SchemaMismatches(
              new MeshAction(
                  action.verb(),
                  action.subject()
                      + (shape instanceof Schema schema
                          ? " from Avro records of schema " + schema.getFullName()
                          : " from records of class " + name(shape))));
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
                  + name(shape)
                  + ", is not a Java record, an Avro record, or a Map")
          .state("Nothing was published.")
          .fix("Copy its values into one of these.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }

    private static String name(Object shape) {
      return shape instanceof Class<?> recordClass ? recordClass.getName() : shape.toString();
    }
  }
}
