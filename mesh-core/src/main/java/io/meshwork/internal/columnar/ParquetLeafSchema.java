package io.meshwork.internal.columnar;

import java.util.List;

/**
 * A leaf column of a Parquet file.
 *
 * @param path dotted names from the root
 * @param index position among the file's leaves, and so among the chunks of each row group
 * @param maxDefinitionLevel the definition level of a value that is present
 * @param repeatedDefinitionLevels for each repetition level from 1 on, the definition level from
 *     which the repeated field has an element
 * @param type the type of the values
 */
record ParquetLeafSchema(
    String path,
    int index,
    int maxDefinitionLevel,
    List<Integer> repeatedDefinitionLevels,
    ParquetTypeSchema type) {
  /** Returns the maximum repetition level; 0 if each row has exactly one slot. */
  int maxRepetitionLevel() {
    return repeatedDefinitionLevels.size();
  }
}
