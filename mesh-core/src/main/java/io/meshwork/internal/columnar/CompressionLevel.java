package io.meshwork.internal.columnar;

/** How hard the pages of a column chunk are compressed. */
enum CompressionLevel {
  /** Not at all: zstd would save next to nothing. */
  NONE,
  /** zstd 1 that hardly looks for repetitions: for text without any, such as UUIDs. */
  ENTROPY,
  /** zstd 1. */
  LIGHT,
  /** zstd 3, where it saves clearly more than zstd 1. */
  DENSE
}
