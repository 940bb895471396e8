package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Reads a list or map of a nested column. Not thread-safe. */
final class RepeatedReader implements NestedReader {
  private final String file;
  private final Field field;
  private final int rowDefinitionLevel;
  private final NestedReader first;
  private final @Nullable NestedReader second;
  private final boolean nullKeys;
  private Vector vector;

  private final VectorPool<Vector> turns = new VectorPool<>();

  private RepeatedReader(
      String file,
      Field field,
      int rowDefinitionLevel,
      NestedReader first,
      @Nullable NestedReader second,
      boolean nullKeys) {
    this.file = file;
    this.field = field;
    this.rowDefinitionLevel = rowDefinitionLevel;
    this.first = first;
    this.second = second;
    this.nullKeys = nullKeys;
    this.vector = newVector();
  }

  /**
   * Creates the reader of a list; {@code rowDefinitionLevel} is the definition level from which a
   * slot is a row of its vector.
   */
  static RepeatedReader list(
      String file, Field list, int rowDefinitionLevel, NestedReader element) {
    return new RepeatedReader(file, list, rowDefinitionLevel, element, null, false);
  }

  /**
   * Creates the reader of a map; {@code rowDefinitionLevel} is the definition level from which a
   * slot is a row of its vector. Keys are required, but some writers declare them as optional.
   *
   * @param nullKeys whether the map may have null keys
   */
  static RepeatedReader map(
      String file,
      Field map,
      int rowDefinitionLevel,
      NestedReader key,
      NestedReader value,
      boolean nullKeys) {
    return new RepeatedReader(file, map, rowDefinitionLevel, key, value, nullKeys);
  }

  @Override
  public Vector vector() {
    return vector;
  }

  private Vector newVector() {
    return second == null
        ? new ListVector(first.vector())
        : new MapVector(first.vector(), second.vector());
  }

  @Override
  public void turn(int valid) {
    first.turn(valid);
    if (second != null) {
      second.turn(valid);
    }
    vector = turns.next(vector, valid, this::newVector);
  }

  @Override
  public LevelBuffer read(int rows) {
    LevelBuffer levels = first.read(rows);
    if (second != null) {
      if (!levels.agrees(second.read(rows), field.repeatedDefinitionLevel())) {
        throw StructReader.disagreement(file, field);
      }
      if (!nullKeys
          && first.vector().nullCount() > 0
          && !first.vector().recordsConversionErrors()) {
        throw new UnreadableFileException(
            file,
            "a map has a null key",
            field.path(),
            UnreadableFileException.UNKNOWN,
            UnreadableFileException.UNKNOWN,
            null);
      }
    }
    int count = rows(levels);
    int[] offsets =
        vector instanceof ListVector lists
            ? lists.ensureCapacity(count)
            : ((MapVector) vector).ensureCapacity(count);
    vector.extended(count);
    fill(levels, offsets);
    levels.keepBelow(field.repetitionLevel());
    return levels;
  }

  private int rows(LevelBuffer levels) {
    int rows = 0;
    for (int slot = 0; slot < levels.size(); slot++) {
      rows += begins(levels, slot) ? 1 : 0;
    }
    return rows;
  }

  /** Returns true if a list starts at a slot, including an empty or null one. */
  private boolean begins(LevelBuffer levels, int slot) {
    // Both without a branch, which the CPU could not predict.
    return levels.repetition(slot) < field.repetitionLevel()
        & levels.definition(slot) >= rowDefinitionLevel;
  }

  private void fill(LevelBuffer levels, int[] offsets) {
    int rows = 0;
    int elements = 0;
    for (int slot = 0; slot < levels.size(); slot++) {
      int definition = levels.definition(slot);
      boolean begins = begins(levels, slot);
      if (begins & definition < field.definitionLevel()) {
        vector.markNull(rows);
      }
      rows += begins ? 1 : 0;
      elements += definition >= field.repeatedDefinitionLevel() ? 1 : 0;
      offsets[rows] = elements;
    }
  }
}
