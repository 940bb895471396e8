package io.meshwork.internal.columnar;

/** The encodings that a written Parquet file may use. */
public enum EncodingProfile {
  /** PLAIN and dictionary encoding only, which every engine reads: for tables that others read. */
  COMPATIBLE,
  /**
   * Also DELTA_BINARY_PACKED for integers and DELTA_LENGTH_BYTE_ARRAY for strings and binary:
   * smaller and faster, for readers that support them.
   */
  FAST
}
