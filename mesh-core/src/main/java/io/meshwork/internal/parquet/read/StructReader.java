package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/** Reads a struct of a nested column. Not thread-safe. */
final class StructReader implements NestedReader {
  /**
   * A field that the file lacks.
   *
   * @param position its position in the struct
   */
  record Absent(int position, ConstantReader constant) {}

  private final String file;
  private final Field struct;
  private final int rowDefinitionLevel;
  private final List<NestedReader> present;
  private final List<Absent> absent;
  private StructVector vector;

  private final VectorPool<StructVector> turns = new VectorPool<>();

  /**
   * Creates the reader of a struct.
   *
   * @param rowDefinitionLevel the definition level from which a slot is a row of the vector
   * @param present the readers of the fields in the file; at least one, possibly for its levels
   *     only
   */
  StructReader(
      String file,
      Field struct,
      int rowDefinitionLevel,
      List<NestedReader> present,
      List<Absent> absent,
      StructVector vector) {
    this.file = file;
    this.struct = struct;
    this.rowDefinitionLevel = rowDefinitionLevel;
    this.present = present;
    this.absent = absent;
    this.vector = vector;
  }

  @Override
  public Vector vector() {
    return vector;
  }

  @Override
  public void turn(int valid) {
    List<Vector> before = present.stream().map(NestedReader::vector).toList();
    present.forEach(reader -> reader.turn(valid));
    vector = turns.next(vector, valid, () -> newVector(before));
  }

  /** Returns the struct vector; its children reuse the previous vectors. */
  private StructVector newVector(List<Vector> before) {
    List<Vector> children = new ArrayList<>();
    for (Vector child : vector.children()) {
      Vector next = null;
      for (int i = 0; i < before.size(); i++) {
        next = before.get(i) == child ? present.get(i).vector() : next;
      }
      children.add(next == null ? child.newEmpty() : next);
    }
    return new StructVector(children);
  }

  @Override
  public LevelBuffer read(int rows) {
    LevelBuffer levels = present.get(0).read(rows);
    for (NestedReader sibling : present.subList(1, present.size())) {
      if (!levels.agrees(sibling.read(rows), struct.definitionLevel())) {
        throw disagreement(file, struct);
      }
    }
    int count = levels.rows(rowDefinitionLevel);
    vector.extended(count);
    if (rowDefinitionLevel < struct.definitionLevel()) {
      markNulls(levels);
    }
    for (Absent field : absent) {
      field.constant().append(vector.child(field.position()), vector, count);
    }
    return levels;
  }

  private void markNulls(LevelBuffer levels) {
    int row = 0;
    for (int slot = 0; slot < levels.size(); slot++) {
      int definition = levels.definition(slot);
      if (definition >= rowDefinitionLevel) {
        if (definition < struct.definitionLevel()) {
          vector.markNull(row);
        }
        row++;
      }
    }
  }

  static UnreadableFileException disagreement(String file, Field field) {
    return new UnreadableFileException(
        file,
        "its fields disagree on the number of values or on which are null",
        field.path(),
        UnreadableFileException.UNKNOWN,
        UnreadableFileException.UNKNOWN,
        null);
  }
}
