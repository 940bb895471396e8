package io.meshwork.internal.columnar;

/** How the columns of a projection are matched with those of a file. */
public enum ColumnMatch {
  /** By Iceberg field ID: for files of a table. */
  BY_FIELD_ID,
  /** By exact name: for other files. */
  BY_NAME
}
