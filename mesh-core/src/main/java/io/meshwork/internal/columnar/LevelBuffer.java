package io.meshwork.internal.columnar;

import java.util.Arrays;

/**
 * The levels of some rows at one place of a nested column: one slot for each value, null, or empty
 * list there. A byte is enough for a level, since the depth of a schema is limited. Not
 * thread-safe.
 */
final class LevelBuffer {
  private byte[] definitions = new byte[512];
  private byte[] repetitions = new byte[512];
  private int slots;

  /** How many slots there are. */
  int slots() {
    return slots;
  }

  int definition(int slot) {
    return definitions[slot];
  }

  int repetition(int slot) {
    return repetitions[slot];
  }

  void clear() {
    slots = 0;
  }

  /** Adds slots. */
  void append(int[] moreDefinitions, int[] moreRepetitions, int from, int count) {
    if (definitions.length - slots < count) {
      int length = Math.max(slots + count, definitions.length * 2);
      definitions = Arrays.copyOf(definitions, length);
      repetitions = Arrays.copyOf(repetitions, length);
    }
    for (int i = 0; i < count; i++) {
      definitions[slots + i] = (byte) moreDefinitions[from + i];
      repetitions[slots + i] = (byte) moreRepetitions[from + i];
    }
    slots += count;
  }

  /** How many slots are values or nulls, which they are from this definition level on. */
  int rows(int filled) {
    int rows = 0;
    for (int i = 0; i < slots; i++) {
      rows += definitions[i] >= filled ? 1 : 0;
    }
    return rows;
  }

  /** Keeps the slots that are not further elements of a list at this repetition level. */
  void keepBelow(int repetition) {
    int kept = 0;
    for (int i = 0; i < slots; i++) {
      definitions[kept] = definitions[i];
      repetitions[kept] = repetitions[i];
      kept += repetitions[i] < repetition ? 1 : 0;
    }
    slots = kept;
  }

  /** True if another leaf tells the same about what both lie in, up to a definition level. */
  boolean agrees(LevelBuffer other, int definition) {
    if (slots != other.slots
        || !Arrays.equals(repetitions, 0, slots, other.repetitions, 0, slots)) {
      return false;
    }
    int different = 0;
    for (int i = 0; i < slots; i++) {
      different |=
          Math.min(definitions[i], definition) ^ Math.min(other.definitions[i], definition);
    }
    return different == 0;
  }
}
