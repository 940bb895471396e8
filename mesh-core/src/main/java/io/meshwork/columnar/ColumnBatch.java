package io.meshwork.columnar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some thousand rows as columns: the fastest way to write and read rows. Valid until the next batch
 * is requested, by {@code next()} or {@code hasNext()} of its iterator, even if none follows; from
 * then on, its values throw {@code IllegalStateException}. {@code Publish.batches} publishes it.
 * Not thread-safe.
 */
public interface ColumnBatch {
  /** Returns the number of rows. */
  int rows();

  /** Returns the names of the columns, in order. */
  List<String> columns();

  /** Returns true if the value is null. */
  boolean isNull(String column, int row);

  /**
   * Returns an int, a long, or a value stored as a long; throws {@code IllegalArgumentException}
   * for other types.
   */
  long longAt(String column, int row);

  /**
   * Returns a double, float, int, or long as double; throws {@code IllegalArgumentException} for
   * other types.
   */
  double doubleAt(String column, int row);

  /**
   * Returns a value in its Java class: Boolean, Integer, Long, Float, Double, String, ByteBuffer
   * (bytes and fixed), UUID, BigDecimal, LocalDate, LocalTime, Instant, or LocalDateTime; for a
   * struct a map from field to value, for a list a list, for a map a map, all in order; null for a
   * null.
   */
  @Nullable Object valueAt(String column, int row);
}
