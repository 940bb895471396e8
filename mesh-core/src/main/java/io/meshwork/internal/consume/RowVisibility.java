package io.meshwork.internal.consume;

import org.apache.iceberg.Schema;

/**
 * Which rows and unmasked columns a reader sees.
 *
 * @param columns the columns that the reader reads and that no cell filter masks
 * @param everyRow false if a row filter may hide rows
 */
record RowVisibility(Schema columns, boolean everyRow) {}
