package io.meshwork.internal.columnar;

/**
 * One nested column or field above a leaf, and which way the leaf lies in it.
 *
 * @param way where to go on
 * @param field which field of a struct; 0 for the other ways
 * @param optional whether it may be null itself
 * @param name its place as an error message gives it
 */
record ParquetGroupStep(Way way, int field, boolean optional, String name) {
  /** What of a nested value leads to the leaf. */
  enum Way {
    FIELD,
    ELEMENTS,
    KEYS,
    VALUES
  }

  /** True if one value has any number of values below. */
  boolean repeats() {
    return way != Way.FIELD;
  }

  /** The vector below a vector of this step. */
  Vector below(Vector vector) {
    return switch (way) {
      case FIELD -> ((StructVector) vector).child(field);
      case ELEMENTS -> ((ListVector) vector).elements();
      case KEYS -> ((MapVector) vector).keys();
      case VALUES -> ((MapVector) vector).values();
    };
  }

  /** Where the values of a row begin in the vector below. */
  int start(Vector vector, int row) {
    if (vector instanceof ListVector lists) {
      return lists.start(row);
    }
    return vector instanceof MapVector maps ? maps.start(row) : row;
  }

  /** How many values a row has in the vector below. */
  int length(Vector vector, int row) {
    if (vector instanceof ListVector lists) {
      return lists.length(row);
    }
    return vector instanceof MapVector maps ? maps.length(row) : 1;
  }

  /** The row that a value of the vector below belongs to. */
  int owner(Vector vector, int below) {
    if (vector instanceof ListVector lists) {
      return lists.owner(below);
    }
    return vector instanceof MapVector maps ? maps.owner(below) : below;
  }
}
