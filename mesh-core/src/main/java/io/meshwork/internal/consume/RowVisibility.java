package io.meshwork.internal.consume;

import org.apache.iceberg.Schema;

/**
 * By what a reader tells rows from others.
 *
 * @param columns those that it reads, as they are stored in every row
 * @param everyRow false if rows may be there that it does not see
 */
record RowVisibility(Schema columns, boolean everyRow) {}
