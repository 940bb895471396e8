package io.meshwork.internal.parquet.read;

import io.meshwork.internal.vector.Vector;

/**
 * Reads a nested column, or a part of one, from the levels of its leaves. Each part returns its own
 * levels to its parent, which derives nulls and lengths from them in bulk. Not thread-safe.
 */
sealed interface NestedReader permits NestedLeafReader, StructReader, RepeatedReader {
  /** Returns the vector that {@link #read} fills, which changes with {@link #turn} only. */
  Vector vector();

  /** Reads into vectors that none of the last {@code valid} batches uses. */
  void turn(int valid);

  /**
   * Appends the next rows of the row group to the vector, which is empty, and returns their levels,
   * which are valid until the next call.
   */
  LevelBuffer read(int rows);
}
