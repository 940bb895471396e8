package io.meshwork.internal.parquet.footer;

import java.util.List;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * The footer metadata of one row group.
 *
 * @param rows number of rows
 * @param columns one per leaf column, nested ones included, in file order
 */
public record FooterRowGroup(long rows, List<FooterColumnChunk> columns) {
  /**
   * The footer metadata of one column chunk.
   *
   * @param path dotted names from the root
   * @param compressedBytes size in the file
   * @param uncompressedBytes uncompressed size according to the footer
   * @param nullCount null if unknown
   * @param least lower bound in PLAIN encoding; null if unknown. The array is shared and must not
   *     be modified
   * @param most upper bound, likewise
   * @param type the Iceberg type of the column in the file; null if there is none
   * @param lowest the lower bound as a value of that type: Boolean; Long for integers, dates,
   *     times, and timestamps in the type's ticks; Double; BigDecimal; the bytes, which must not be
   *     modified, of strings, binary, fixed, and UUIDs, which are ordered as unsigned. Null if
   *     unknown, NaN, or in an order or unit other than the type's
   * @param highest the upper bound, likewise
   */
  public record FooterColumnChunk(
      String path,
      long compressedBytes,
      long uncompressedBytes,
      @Nullable Long nullCount,
      byte @Nullable [] least,
      byte @Nullable [] most,
      @Nullable Type type,
      @Nullable Object lowest,
      @Nullable Object highest) {}
}
