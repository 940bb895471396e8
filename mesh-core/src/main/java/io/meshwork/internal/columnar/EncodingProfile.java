package io.meshwork.internal.columnar;

/** Which encodings a written Parquet file may use. */
public enum EncodingProfile {
  /** PLAIN and dictionary only: what every engine reads. For tables that others read. */
  COMPATIBLE,
  /**
   * Also DELTA_BINARY_PACKED for whole numbers and DELTA_LENGTH_BYTE_ARRAY for strings and binary:
   * smaller and faster, for readers that know them.
   */
  FAST
}
