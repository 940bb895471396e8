package io.meshwork.internal.columnar;

/** How the columns of a projection find those of a file. */
public enum ColumnMatch {
  /** By Iceberg's field id; for files of a table. */
  BY_FIELD_ID,
  /** By name, exactly; for files from elsewhere. */
  BY_NAME
}
