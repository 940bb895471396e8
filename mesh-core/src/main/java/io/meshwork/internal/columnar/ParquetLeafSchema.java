package io.meshwork.internal.columnar;

import java.util.List;

/**
 * A column of a Parquet file that has values.
 *
 * @param path names from the root, with dots
 * @param index its place among the file's leaves, and so in each row group
 * @param mostDefinition the definition level of a value that is there
 * @param filled for each repetition level from 1 on, the definition level from which what is
 *     repeated there has an element
 * @param type what the values mean
 */
record ParquetLeafSchema(
    String path, int index, int mostDefinition, List<Integer> filled, ParquetTypeSchema type) {
  /** The highest repetition level; 0 if a row has exactly one slot. */
  int mostRepetition() {
    return filled.size();
  }
}
