package io.meshwork.internal.materializers;

import io.meshwork.internal.vector.Vector;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Reads values of one column, or of a part of one, as a reader's Avro type. */
interface AvroValueReader {
  /**
   * Returns the value of a row of the vector, as {@code GenericData} represents it without
   * conversions. {@code rowNumber} is the number of the top-level row, for messages.
   */
  @Nullable Object read(Vector vector, int row, long rowNumber);

  /**
   * Reads the values of some rows of the vector into records, as {@link #read} does.
   *
   * @param from the row of the first record
   * @param records records whose field is null
   * @param field the position of the field
   */
  default void readAll(
      Vector vector, int from, long rowNumber, GenericData.Record[] records, int field) {
    for (int i = 0; i < records.length; i++) {
      records[i].put(field, read(vector, from + i, rowNumber));
    }
  }
}
