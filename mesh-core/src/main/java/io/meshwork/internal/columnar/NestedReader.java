package io.meshwork.internal.columnar;

/**
 * A nested column, or a part of one, put together from the levels of its leaves. Each part gives
 * its parent the levels at its own place: from them the parent tells nulls and lengths, without a
 * look at rows one by one. Not thread-safe.
 */
sealed interface NestedReader permits NestedLeafReader, StructReader, RepeatedReader {
  /** What {@link #read} fills: always the same vector. */
  Vector vector();

  /**
   * Appends the next rows of the row group to the vector, which is empty, and gives their levels;
   * these are the caller's until the next read.
   */
  LevelBuffer read(int rows);
}
