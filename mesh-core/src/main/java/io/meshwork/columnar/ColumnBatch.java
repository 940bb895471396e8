package io.meshwork.columnar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some thousand rows as columns: the fastest way in and out. Valid until the next batch is asked
 * for. Not thread-safe.
 */
public interface ColumnBatch {
  /** How many rows there are. */
  int rows();

  /** The names of the columns, in order. */
  List<String> columns();

  /** True if the value is null. */
  boolean isNull(String column, int row);

  /** An int or long, or a long's worth of it; {@code IllegalArgumentException} for other types. */
  long longAt(String column, int row);

  /** A double, float, int or long as double; {@code IllegalArgumentException} for other types. */
  double doubleAt(String column, int row);

  /**
   * A value in its Java class: Boolean, Integer, Long, Float, Double, String, ByteBuffer (bytes and
   * fixed), UUID, BigDecimal, LocalDate, LocalTime, Instant or LocalDateTime; of a struct a map
   * from field to value, of a list a list, of a map a map, all in order; null for a null.
   */
  @Nullable Object valueAt(String column, int row);
}
