package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
import java.util.List;

/**
 * Computes the definition and repetition levels of one nested leaf for some rows of a batch, as in
 * the Dremel paper, level by level over whole vectors. A slot is a value, or the position where its
 * path ends at a null or at an empty list. Reuses its memory. Not thread-safe.
 */
final class LeafLevels {
  private byte[] definitions = new byte[0];
  private byte[] repetitions = new byte[0];

  /** The index of each slot in the vector of the current level; -1 if its path has ended. */
  private int[] indexes = new int[0];

  private byte[] nextDefinitions = new byte[0];
  private byte[] nextRepetitions = new byte[0];
  private int[] nextIndexes = new int[0];
  private int size;

  byte[] definitions() {
    return definitions;
  }

  byte[] repetitions() {
    return repetitions;
  }

  /** Returns the retained memory in bytes. */
  long bytes() {
    return 6L * (definitions.length + nextDefinitions.length);
  }

  /** Returns the end of the row that starts at a slot. */
  int rowEnd(int slot) {
    int end = slot + 1;
    while (end < size && repetitions[end] != 0) {
      end++;
    }
    return end;
  }

  /** Computes the levels for rows of a column. */
  void fill(ParquetLeaf leaf, Vector column, int from, int to) {
    size = to - from;
    reserve(size);
    for (int i = 0; i < size; i++) {
      indexes[i] = from + i;
    }
    Arrays.fill(definitions, 0, size, (byte) 0);
    Arrays.fill(repetitions, 0, size, (byte) 0);
    int definition = 0;
    int repetition = 0;
    Vector vector = column;
    List<ParquetGroupStep> groups = leaf.groups();
    for (ParquetGroupStep step : groups) {
      if (step.optional()) {
        pass(vector, definition++);
      }
      if (step.repeats()) {
        expand(step, vector, definition++, ++repetition);
      }
      vector = step.below(vector);
    }
    if (leaf.field().isOptional()) {
      pass(vector, definition++);
    }
    refuseValuesBelowNulls(leaf, vector, definition);
  }

  /** Increments the level of slots that reached this vector and are not null. */
  private void pass(Vector vector, int reached) {
    for (int i = 0; i < size; i++) {
      if (definitions[i] == reached && !vector.isNull(indexes[i])) {
        definitions[i]++;
      }
    }
  }

  /** Creates one slot per element. */
  private void expand(ParquetGroupStep step, Vector vector, int reached, int repetition) {
    long total = 0;
    for (int i = 0; i < size; i++) {
      total += indexes[i] < 0 ? 1 : Math.max(1, step.length(vector, indexes[i]));
    }
    reserveNext(Math.toIntExact(total));
    int count = 0;
    for (int i = 0; i < size; i++) {
      int length = indexes[i] < 0 ? 0 : step.length(vector, indexes[i]);
      if (length > 0 && definitions[i] != reached) {
        throw new IllegalArgumentException("a null list or map has " + length + " elements");
      }
      int start = length == 0 ? -1 : step.start(vector, indexes[i]);
      nextDefinitions[count] = (byte) (length == 0 ? definitions[i] : reached + 1);
      nextRepetitions[count] = repetitions[i];
      nextIndexes[count++] = start;
      for (int element = 1; element < length; element++) {
        nextDefinitions[count] = (byte) (reached + 1);
        nextRepetitions[count] = (byte) repetition;
        nextIndexes[count++] = start + element;
      }
    }
    swap(count);
  }

  /**
   * Rejects values below nulls: values are written as stored, so a position that the levels define
   * as null must be null in the vector too.
   */
  private void refuseValuesBelowNulls(ParquetLeaf leaf, Vector vector, int largest) {
    for (int i = 0; i < size; i++) {
      if (definitions[i] < largest && indexes[i] >= 0 && !vector.isNull(indexes[i])) {
        throw new IllegalArgumentException(
            "a null struct that encloses " + leaf.name() + " has a value");
      }
    }
  }

  private void reserve(int slots) {
    if (definitions.length < slots) {
      int length = LittleEndianEncoder.grown(definitions.length, slots);
      definitions = new byte[length];
      repetitions = new byte[length];
      indexes = new int[length];
    }
  }

  private void reserveNext(int slots) {
    if (nextDefinitions.length < slots) {
      int length = LittleEndianEncoder.grown(nextDefinitions.length, slots);
      nextDefinitions = new byte[length];
      nextRepetitions = new byte[length];
      nextIndexes = new int[length];
    }
  }

  private void swap(int count) {
    byte[] oldDefinitions = definitions;
    byte[] oldRepetitions = repetitions;
    int[] oldIndexes = indexes;
    definitions = nextDefinitions;
    repetitions = nextRepetitions;
    indexes = nextIndexes;
    nextDefinitions = oldDefinitions;
    nextRepetitions = oldRepetitions;
    nextIndexes = oldIndexes;
    size = count;
  }
}
