package io.meshwork.internal.rows;

import io.meshwork.internal.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Reads values of one column, or of a part of one, as a reader's Avro type. */
interface AvroValueReader {
  /**
   * Returns the value of a row of the vector, as {@code GenericData} represents it without
   * conversions. {@code rowNumber} is the number of the top-level row, for messages.
   */
  @Nullable Object read(Vector vector, int row, long rowNumber);
}
