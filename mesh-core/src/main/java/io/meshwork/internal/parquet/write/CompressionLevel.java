package io.meshwork.internal.parquet.write;

/** The compression level of a column chunk's pages. */
enum CompressionLevel {
  /** Uncompressed: zstd would save next to nothing. */
  NONE,
  /** zstd 1 with a minimal search for matches: for text without repetitions, such as UUIDs. */
  ENTROPY,
  /** zstd 1. */
  LIGHT,
  /** zstd 1 with a search for short matches: for numbers whose upper bytes repeat. */
  SHORT,
  /** zstd 3: for data on which it saves clearly more than zstd 1. */
  DENSE
}
