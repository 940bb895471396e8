package io.meshwork.internal.rows;

import org.apache.iceberg.types.Types;

/**
 * A row of an engine, whose values can be read by position, without an object for each. It is also
 * a map of the same values by column, which is read if a value does not fit its column.
 */
public interface TypedRow {
  /** How many rows may wait to be read: a source may use the object of an earlier one again. */
  int MOST_WAITING = 64;

  /** The columns in their order; the same object for rows of the same columns. */
  Types.StructType type();

  /** The values by position, until this is called for another row of the type. */
  Values read();

  /**
   * The fields of a record, or the elements of a list. The values of records, lists, and maps in it
   * are valid until the next call for one at the same place.
   */
  interface Values {
    /** The number of fields or elements. */
    int size();

    /** Returns true if a value is null; no other method is called for it. */
    boolean isNull(int position);

    boolean booleanAt(int position);

    /** Returns an int, or a date as days since 1970-01-01. */
    int intAt(int position);

    /**
     * Returns a long, a timestamp as microseconds since 1970-01-01, or the unscaled value of a
     * decimal of at most 18 digits.
     */
    long longAt(int position);

    float floatAt(int position);

    double doubleAt(int position);

    /** Returns the length of a string, in bytes of UTF-8. */
    int textLength(int position);

    /** Copies the bytes of a string to an array, from an index on. */
    void copyText(int position, byte[] into, int from);

    /** Returns bytes or a decimal as in the map. */
    Object objectAt(int position);

    /** Returns the fields of a record, the elements of a list, or the values of a map. */
    Values valuesAt(int position);

    /** Returns the keys of a map, in the order of its values. */
    Values keysAt(int position);
  }
}
