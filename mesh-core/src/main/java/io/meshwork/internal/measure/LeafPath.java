package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.schema.ColumnPath;
import java.util.Arrays;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * The way from a row to the values of one column: dots lead into structs, {@code []} to the
 * elements of a list, {@code {}} to the values of a map. A null on the way is a null value; an
 * empty list has none. Collects the values of one batch at a time. Not thread-safe.
 */
public final class LeafPath {
  private final int column;
  private final int[] steps;
  private final boolean repeated;
  private final Type type;
  private final int fieldId;

  private Vector leaf;
  private int[] places = new int[VectorBatch.ROWS];
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
   * Finds a path.
   *
   * @param path such as {@code fare}, {@code customer.address.city} or {@code lines[].quantity}
   * @throws IllegalArgumentException if it leads nowhere
   */
  public static LeafPath of(Schema schema, String path) {
    ColumnPath found = ColumnPath.find(schema.asStruct(), path);
    if (found == null) {
      throw new IllegalArgumentException("there is no column " + path);
    }
    int[] steps = found.steps();
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
    return new LeafPath(steps[0], below, found.isRepeated(), found.type(), fieldId);
  }

  /** The type of the values. */
  public Type type() {
    return type;
  }

  /** The field id of the column, or of the elements or values that it leads to. */
  public int fieldId() {
    return fieldId;
  }

  /** True if a row may have several values there, or none. */
  public boolean isRepeated() {
    return repeated;
  }

  /** Collects the values of these rows of a batch; what was collected before is forgotten. */
  public void collect(VectorBatch batch, RowMask chosen) {
    count = 0;
    nulls = 0;
    rows = 0;
    rowsWithNull = 0;
    Vector top = batch.vector(column);
    leaf = leafOf(top);
    for (int row = chosen.next(0); row >= 0 && row < batch.rows(); row = chosen.next(row + 1)) {
      rows++;
      long before = nulls;
      if (repeated) {
        walk(top, 0, row);
      } else {
        take(row);
      }
      rowsWithNull += nulls > before ? 1 : 0;
    }
    if (leaf instanceof DictionaryVector coded) {
      for (int i = 0; i < count; i++) {
        places[i] = coded.code(places[i]);
      }
      leaf = coded.dictionary();
    }
  }

  /** One value a row; null where something around it is null. Of a path without elements. */
  Vector vector(VectorBatch batch) {
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

  private void walk(Vector vector, int depth, int place) {
    if (depth == steps.length) {
      take(place);
    } else if (vector.isNull(place)) {
      nulls++;
    } else if (steps[depth] == ColumnPath.ELEMENTS) {
      ListVector lists = (ListVector) vector;
      walkAll(lists.elements(), depth + 1, lists.start(place), lists.length(place));
    } else if (steps[depth] == ColumnPath.VALUES) {
      MapVector maps = (MapVector) vector;
      walkAll(maps.values(), depth + 1, maps.start(place), maps.length(place));
    } else {
      walk(((StructVector) vector).child(steps[depth]), depth + 1, place);
    }
  }

  private void walkAll(Vector vector, int depth, int start, int length) {
    for (int place = start; place < start + length; place++) {
      walk(vector, depth, place);
    }
  }

  private void take(int place) {
    if (leaf.isNull(place)) {
      nulls++;
      return;
    }
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
    }
    places[count++] = place;
  }

  /** Where the collected values are; never a dictionary. */
  public Vector values() {
    return leaf;
  }

  /** The place in {@link #values} of a collected value that is not null. */
  public int place(int index) {
    return places[index];
  }

  /** How many values that are not null were collected. */
  public int count() {
    return count;
  }

  /** How many rows were looked at. */
  long rows() {
    return rows;
  }

  /** How many of these have a null among their values. */
  long rowsWithNull() {
    return rowsWithNull;
  }
}
