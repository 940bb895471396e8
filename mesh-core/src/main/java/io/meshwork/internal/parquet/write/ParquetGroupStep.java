package io.meshwork.internal.parquet.write;

import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;

/**
 * One nested column or field above a leaf, and the part of it that leads to the leaf.
 *
 * @param way which part
 * @param field the field of a struct; 0 otherwise
 * @param optional whether it may be null
 * @param name its path in messages
 */
record ParquetGroupStep(Way way, int field, boolean optional, String name) {
  /** The part of a nested value that leads to the leaf. */
  enum Way {
    FIELD,
    ELEMENTS,
    KEYS,
    VALUES
  }

  /** Returns true if a value has any number of values below it. */
  boolean repeats() {
    return way != Way.FIELD;
  }

  /** Returns the child vector of a vector at this step. */
  Vector below(Vector vector) {
    return switch (way) {
      case FIELD -> ((StructVector) vector).child(field);
      case ELEMENTS -> ((ListVector) vector).elements();
      case KEYS -> ((MapVector) vector).keys();
      case VALUES -> ((MapVector) vector).values();
    };
  }

  /** Returns the index of a row's first value in the child vector. */
  int start(Vector vector, int row) {
    if (vector instanceof ListVector lists) {
      return lists.start(row);
    }
    return vector instanceof MapVector maps ? maps.start(row) : row;
  }

  /** Returns the number of a row's values in the child vector. */
  int length(Vector vector, int row) {
    if (vector instanceof ListVector lists) {
      return lists.length(row);
    }
    return vector instanceof MapVector maps ? maps.length(row) : 1;
  }

  /** Returns the row that contains a value of the child vector. */
  int owner(Vector vector, int below) {
    if (vector instanceof ListVector lists) {
      return lists.owner(below);
    }
    return vector instanceof MapVector maps ? maps.owner(below) : below;
  }
}
