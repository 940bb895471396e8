package io.meshwork.internal.columnar;

/**
 * When pages and row groups are full; whichever limit is reached first counts.
 *
 * @param groupRows rows a row group
 * @param groupBytes encoded bytes a row group; passed by what one slice of a batch adds
 * @param pageRows rows a page; elements of lists and maps too, but a row is never parted
 * @param pageBytes bytes a page before compression; one value may be larger
 */
record ParquetWriterLimits(int groupRows, long groupBytes, int pageRows, int pageBytes) {
  /**
   * A row group of 1,048,576 rows or 64 MB, pages of 20,000 rows or 1 MiB: large enough for zstd
   * and for dictionaries, small enough to skip and to keep in memory.
   */
  static final ParquetWriterLimits DEFAULT =
      new ParquetWriterLimits(1 << 20, 64L << 20, 20_000, 1 << 20);

  /** Refuses limits that allow nothing. */
  ParquetWriterLimits {
    if (groupRows < 1 || groupBytes < 1 || pageRows < 1 || pageBytes < 1) {
      throw new IllegalArgumentException("limits start at 1");
    }
  }
}
