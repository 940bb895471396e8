package io.meshwork.internal.parquet.write;

/**
 * The limits of pages and row groups; the first limit reached applies.
 *
 * @param groupRows rows per row group
 * @param groupBytes encoded bytes per row group; one slice of a batch may exceed it
 * @param pageRows rows per page, list and map elements included; a row is never split
 * @param pageBytes uncompressed bytes per page; a single value may exceed it
 */
record ParquetWriterLimits(int groupRows, long groupBytes, int pageRows, int pageBytes) {
  /**
   * Row groups of 1,048,576 rows or 64 MB, pages of 20,000 rows or 1 MiB: large enough for zstd and
   * dictionaries, small enough to skip and to keep in memory.
   */
  static final ParquetWriterLimits DEFAULT =
      new ParquetWriterLimits(1 << 20, 64L << 20, 20_000, 1 << 20);

  /** Checks that each limit is positive. */
  ParquetWriterLimits {
    if (groupRows < 1 || groupBytes < 1 || pageRows < 1 || pageBytes < 1) {
      throw new IllegalArgumentException("limits must be at least 1");
    }
  }
}
