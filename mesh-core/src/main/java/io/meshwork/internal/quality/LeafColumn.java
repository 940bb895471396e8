package io.meshwork.internal.quality;

import io.meshwork.internal.schema.ColumnPath;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Locates the values of one column in each batch, at any depth. Immutable. */
final class LeafColumn {
  private final int[] steps;
  private final boolean repeated;
  private final Type type;

  private LeafColumn(int[] steps, boolean repeated, Type type) {
    this.steps = steps;
    this.repeated = repeated;
    this.type = type;
  }

  /** Returns a top-level column by position. */
  static LeafColumn at(int position, Type type) {
    return new LeafColumn(new int[] {position}, false, type);
  }

  /** Returns the column at an existing path. */
  static LeafColumn of(Schema schema, String path) {
    ColumnPath columnPath = ColumnPath.find(schema.asStruct(), path);
    if (columnPath == null) {
      throw new IllegalArgumentException("no column " + path + " in the table's schema");
    }
    return new LeafColumn(columnPath.steps(), columnPath.isRepeated(), columnPath.type());
  }

  Type type() {
    return type;
  }

  /** Returns true if a row may have any number of values. */
  boolean isRepeated() {
    return repeated;
  }

  /**
   * Returns the vector of a column that is not repeated, with one value per row; null if an
   * enclosing struct is null.
   */
  Vector vector(VectorBatch batch) {
    Vector vector = batch.vector(steps[0]);
    for (int i = 1; i < steps.length; i++) {
      vector = ((StructVector) vector).child(steps[i]);
    }
    return vector;
  }

  /**
   * The values of a repeated column.
   *
   * @param values the values of all rows
   * @param rows the row of each value
   * @param withoutList rows in which an enclosing list or map, or a parent of it, is null
   */
  record Elements(Vector values, int[] rows, RowMask withoutList) {
    /** Returns the values of these rows. */
    RowMask of(RowMask some) {
      RowMask elements = new RowMask(rows.length);
      if (!some.isEmpty()) {
        for (int i = 0; i < values.size(); i++) {
          if (some.get(rows[i])) {
            elements.set(i);
          }
        }
      }
      return elements;
    }

    /** Adds the rows of these values. */
    void addRows(RowMask elements, RowMask to) {
      for (int i = elements.next(0); i >= 0; i = elements.next(i + 1)) {
        to.set(rows[i]);
      }
    }
  }

  /** Returns the values of a repeated column in a batch. */
  Elements elements(VectorBatch batch) {
    Vector vector = batch.vector(steps[0]);
    int[] rows = null;
    RowMask withoutList = new RowMask(batch.rows());
    for (int i = 1; i < steps.length; i++) {
      if (steps[i] >= 0) {
        vector = ((StructVector) vector).child(steps[i]);
        continue;
      }
      Vector inner =
          steps[i] == ColumnPath.ELEMENTS
              ? ((ListVector) vector).elements()
              : ((MapVector) vector).values();
      int[] owners = new int[inner.size()];
      for (int place = 0; place < vector.size(); place++) {
        int row = rows == null ? place : rows[place];
        if (vector.isNull(place)) {
          withoutList.set(row);
        }
        int start = start(vector, place);
        java.util.Arrays.fill(owners, start, start + length(vector, place), row);
      }
      rows = owners;
      vector = inner;
    }
    return new Elements(vector, required(rows), withoutList);
  }

  private static int[] required(int @Nullable [] rows) {
    if (rows == null) {
      throw new IllegalStateException("a column that is not repeated has no elements");
    }
    return rows;
  }

  private static int start(Vector vector, int place) {
    return vector instanceof ListVector lists
        ? lists.start(place)
        : ((MapVector) vector).start(place);
  }

  private static int length(Vector vector, int place) {
    return vector instanceof ListVector lists
        ? lists.length(place)
        : ((MapVector) vector).length(place);
  }
}
