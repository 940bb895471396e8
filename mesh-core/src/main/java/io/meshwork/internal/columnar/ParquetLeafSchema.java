package io.meshwork.internal.columnar;

/**
 * A column of a Parquet file that has values.
 *
 * @param path names from the root, with dots
 * @param index its place among the file's leaves, and so in each row group
 * @param mostDefinition the definition level of a value that is there
 * @param mostRepetition 0 if a row has exactly one slot
 * @param type what the values mean
 */
record ParquetLeafSchema(
    String path, int index, int mostDefinition, int mostRepetition, ParquetTypeSchema type) {}
