package io.meshwork.internal.parquet.read;

import java.util.Arrays;

/**
 * The levels of some rows at one position of a nested column: one slot per value, null, or empty
 * list. A level fits into a byte because the depth of a schema is limited. Not thread-safe.
 */
final class LevelBuffer {
  private byte[] definitions = new byte[512];
  private byte[] repetitions = new byte[512];
  private int size;

  /** Returns the number of slots. */
  int size() {
    return size;
  }

  int definition(int slot) {
    return definitions[slot];
  }

  int repetition(int slot) {
    return repetitions[slot];
  }

  void clear() {
    size = 0;
  }

  /** Appends slots. */
  void append(int[] moreDefinitions, int[] moreRepetitions, int from, int count) {
    if (definitions.length - size < count) {
      int length = Math.max(size + count, definitions.length * 2);
      definitions = Arrays.copyOf(definitions, length);
      repetitions = Arrays.copyOf(repetitions, length);
    }
    for (int i = 0; i < count; i++) {
      definitions[size + i] = (byte) moreDefinitions[from + i];
      repetitions[size + i] = (byte) moreRepetitions[from + i];
    }
    size += count;
  }

  /** Returns the number of slots that are values or nulls, at or above this definition level. */
  int rows(int rowDefinitionLevel) {
    int rows = 0;
    for (int i = 0; i < size; i++) {
      rows += definitions[i] >= rowDefinitionLevel ? 1 : 0;
    }
    return rows;
  }

  /** Keeps only slots with a repetition level below this one. */
  void keepBelow(int repetition) {
    int retained = 0;
    for (int i = 0; i < size; i++) {
      definitions[retained] = definitions[i];
      repetitions[retained] = repetitions[i];
      retained += repetitions[i] < repetition ? 1 : 0;
    }
    size = retained;
  }

  /** Returns true if another leaf has the same structure up to a definition level. */
  boolean agrees(LevelBuffer other, int definition) {
    if (size != other.size || !Arrays.equals(repetitions, 0, size, other.repetitions, 0, size)) {
      return false;
    }
    int different = 0;
    for (int i = 0; i < size; i++) {
      different |=
          Math.min(definitions[i], definition) ^ Math.min(other.definitions[i], definition);
    }
    return different == 0;
  }
}
