package io.meshwork.internal.columnar;

import org.jspecify.annotations.Nullable;

/** A list or map of a nested column. Not thread-safe. */
final class RepeatedReader implements NestedReader {
  private final String file;
  private final ParquetFieldSchema field;
  private final int filled;
  private final NestedReader first;
  private final @Nullable NestedReader second;
  private final Vector vector;

  private RepeatedReader(
      String file,
      ParquetFieldSchema field,
      int filled,
      NestedReader first,
      @Nullable NestedReader second,
      Vector vector) {
    this.file = file;
    this.field = field;
    this.filled = filled;
    this.first = first;
    this.second = second;
    this.vector = vector;
  }

  /** A list; {@code filled} is the definition level from which a slot is a row of its vector. */
  static RepeatedReader list(
      String file, ParquetFieldSchema list, int filled, NestedReader element) {
    Vector vector = new ListVector(element.vector());
    return new RepeatedReader(file, list, filled, element, null, vector);
  }

  /** A map; {@code filled} is the definition level from which a slot is a row of its vector. */
  static RepeatedReader map(
      String file, ParquetFieldSchema map, int filled, NestedReader key, NestedReader value) {
    Vector vector = new MapVector(key.vector(), value.vector());
    return new RepeatedReader(file, map, filled, key, value, vector);
  }

  @Override
  public Vector vector() {
    return vector;
  }

  @Override
  public LevelBuffer read(int rows) {
    LevelBuffer levels = first.read(rows);
    if (second != null) {
      if (!levels.agrees(second.read(rows), field.filled())) {
        throw StructReader.disagreement(file, field);
      }
      if (first.vector().nullCount() > 0 && first.vector().misfits() == null) {
        throw new MalformedFileException(
            file,
            "a map has a key that is null",
            field.path(),
            MalformedFileException.UNKNOWN,
            MalformedFileException.UNKNOWN,
            null);
      }
    }
    int count = rows(levels);
    int[] offsets =
        vector instanceof ListVector lists ? lists.room(count) : ((MapVector) vector).room(count);
    vector.extended(count);
    fill(levels, offsets);
    levels.keepBelow(field.repetition());
    return levels;
  }

  private int rows(LevelBuffer levels) {
    int rows = 0;
    for (int slot = 0; slot < levels.slots(); slot++) {
      rows += begins(levels, slot) ? 1 : 0;
    }
    return rows;
  }

  /** True if a list, empty and null ones too, begins at a slot. */
  private boolean begins(LevelBuffer levels, int slot) {
    return levels.repetition(slot) < field.repetition() && levels.definition(slot) >= filled;
  }

  private void fill(LevelBuffer levels, int[] offsets) {
    int rows = 0;
    int elements = 0;
    for (int slot = 0; slot < levels.slots(); slot++) {
      int definition = levels.definition(slot);
      if (begins(levels, slot)) {
        if (definition < field.definition()) {
          vector.markNull(rows);
        }
        rows++;
      }
      elements += definition >= field.filled() ? 1 : 0;
      offsets[rows] = elements;
    }
  }
}
