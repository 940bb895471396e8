package io.meshwork.internal.parquet.write;

/** The compression level of a column chunk's pages. */
enum CompressionLevel {
  /** Uncompressed: zstd would save next to nothing. */
  NONE(0),
  /** zstd 1 with a minimal search for matches: for text without repetitions, such as UUIDs. */
  ENTROPY(1),
  /** zstd 1. */
  LIGHT(1),
  /** zstd 1 with a search for short matches: for numbers whose upper bytes repeat. */
  SHORT(1),
  /** zstd 3: for data on which it saves clearly more than zstd 1. */
  DENSE(3);

  private final int zstd;

  CompressionLevel(int zstd) {
    this.zstd = zstd;
  }

  /** Returns the level of zstd, which does not apply to {@link #NONE}. */
  int zstd() {
    return zstd;
  }
}
