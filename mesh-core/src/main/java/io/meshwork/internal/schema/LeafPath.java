package io.meshwork.internal.schema;

import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Arrays;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * The path from a row to the values of one column: dots select fields of structs, {@code []} the
 * elements of a list, {@code {}} the values of a map. A null on the path is a null value; an empty
 * list has no values. Collects the values of one batch at a time. Not thread-safe.
 */
public final class LeafPath {
  private final int column;
  private final int[] steps;
  private final boolean repeated;
  private final Type type;
  private final int fieldId;

  private Vector leaf;
  private int[] positions = new int[0];
  private int count;
  private long nulls;
  private long rows;
  private long rowsWithNull;

  private LeafPath(int column, int[] steps, boolean repeated, Type type, int fieldId) {
    this.column = column;
    this.steps = steps;
    this.repeated = repeated;
    this.type = type;
    this.fieldId = fieldId;
    this.leaf = VectorBatch.emptyVector(type);
  }

  /**
   * Resolves a path.
   *
   * @param path such as {@code fare}, {@code customer.address.city}, or {@code lines[].quantity}
   * @throws IllegalArgumentException if the path does not exist
   */
  public static LeafPath of(Schema schema, String path) {
    ColumnPath columnPath = ColumnPath.find(schema.asStruct(), path);
    if (columnPath == null) {
      throw new IllegalArgumentException("there is no column " + path);
    }
    int[] steps = columnPath.steps();
    int fieldId = 0;
    Type type = schema.asStruct();
    for (int step : steps) {
      if (step == ColumnPath.ELEMENTS) {
        fieldId = type.asListType().elementId();
        type = type.asListType().elementType();
      } else if (step == ColumnPath.VALUES) {
        fieldId = type.asMapType().valueId();
        type = type.asMapType().valueType();
      } else {
        fieldId = type.asStructType().fields().get(step).fieldId();
        type = type.asStructType().fields().get(step).type();
      }
    }
    int[] below = Arrays.copyOfRange(steps, 1, steps.length);
    return new LeafPath(steps[0], below, columnPath.isRepeated(), columnPath.type(), fieldId);
  }

  public static boolean exists(Schema schema, String path) {
    return ColumnPath.find(schema.asStruct(), path) != null;
  }

  /** Returns the position of the top-level column. */
  public int column() {
    return column;
  }

  /** Returns the type of the values. */
  public Type type() {
    return type;
  }

  /** Returns the field ID of the column, element, or value. */
  public int fieldId() {
    return fieldId;
  }

  /** Returns true if a row may have any number of values. */
  public boolean isRepeated() {
    return repeated;
  }

  /** Collects the values of these rows of a batch and discards earlier ones. */
  public void collect(VectorBatch batch, RowMask selected) {
    count = 0;
    nulls = 0;
    rows = 0;
    rowsWithNull = 0;
    Vector top = batch.vector(column);
    leaf = leafOf(top);
    for (int row = selected.next(0); row >= 0 && row < batch.rows(); row = selected.next(row + 1)) {
      rows++;
      long before = nulls;
      if (repeated) {
        walk(top, 0, row);
      } else {
        take(row);
      }
      rowsWithNull += nulls > before ? 1 : 0;
    }
    if (leaf instanceof DictionaryVector encoded) {
      for (int i = 0; i < count; i++) {
        positions[i] = encoded.index(positions[i]);
      }
      leaf = encoded.dictionary();
    }
  }

  /**
   * Returns one value per row; null if an enclosing struct is null. Only for paths that are not
   * repeated.
   */
  public Vector vector(VectorBatch batch) {
    return leafOf(batch.vector(column));
  }

  private Vector leafOf(Vector top) {
    Vector vector = top;
    for (int step : steps) {
      vector =
          step == ColumnPath.ELEMENTS
              ? ((ListVector) vector).elements()
              : step == ColumnPath.VALUES
                  ? ((MapVector) vector).values()
                  : ((StructVector) vector).child(step);
    }
    return vector;
  }

  private void walk(Vector vector, int depth, int position) {
    if (depth == steps.length) {
      take(position);
    } else if (vector.isNull(position)) {
      nulls++;
    } else if (steps[depth] == ColumnPath.ELEMENTS) {
      ListVector lists = (ListVector) vector;
      walkAll(lists.elements(), depth + 1, lists.start(position), lists.length(position));
    } else if (steps[depth] == ColumnPath.VALUES) {
      MapVector maps = (MapVector) vector;
      walkAll(maps.values(), depth + 1, maps.start(position), maps.length(position));
    } else {
      walk(((StructVector) vector).child(steps[depth]), depth + 1, position);
    }
  }

  private void walkAll(Vector vector, int depth, int start, int length) {
    for (int position = start; position < start + length; position++) {
      walk(vector, depth, position);
    }
  }

  private void take(int position) {
    if (leaf.isNull(position)) {
      nulls++;
      return;
    }
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, Math.max(VectorBatch.ROWS, count * 2));
    }
    positions[count++] = position;
  }

  /** Returns the vector of the collected values; never a dictionary. */
  public Vector values() {
    return leaf;
  }

  /** Returns the index in {@link #values} of a collected non-null value. */
  public int position(int index) {
    return positions[index];
  }

  /** Returns the indices in {@link #values} of the collected non-null values, and more. */
  public int[] positions() {
    return positions;
  }

  /** Returns the number of collected non-null values. */
  public int count() {
    return count;
  }

  /** Returns the number of rows. */
  public long rows() {
    return rows;
  }

  /** Returns the number of rows with a null among their values. */
  public long rowsWithNull() {
    return rowsWithNull;
  }
}
