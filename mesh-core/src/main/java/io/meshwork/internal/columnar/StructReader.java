package io.meshwork.internal.columnar;

import java.util.List;

/** A struct of a nested column. Not thread-safe. */
final class StructReader implements NestedReader {
  /** A field that the file does not have. */
  record Absent(Vector vector, ConstantReader constant) {}

  private final String file;
  private final ParquetFieldSchema struct;
  private final int filled;
  private final List<NestedReader> found;
  private final List<Absent> absent;
  private final StructVector vector;

  /**
   * A struct.
   *
   * @param filled the definition level from which a slot is a row of the vector
   * @param found the readers of the fields that the file has, at least one, if only for its levels
   */
  StructReader(
      String file,
      ParquetFieldSchema struct,
      int filled,
      List<NestedReader> found,
      List<Absent> absent,
      StructVector vector) {
    this.file = file;
    this.struct = struct;
    this.filled = filled;
    this.found = found;
    this.absent = absent;
    this.vector = vector;
  }

  @Override
  public Vector vector() {
    return vector;
  }

  @Override
  public LevelBuffer read(int rows) {
    LevelBuffer levels = found.get(0).read(rows);
    for (NestedReader other : found.subList(1, found.size())) {
      if (!levels.agrees(other.read(rows), struct.definition())) {
        throw disagreement(file, struct);
      }
    }
    int count = levels.rows(filled);
    vector.extended(count);
    if (filled < struct.definition()) {
      markNulls(levels);
    }
    for (Absent field : absent) {
      field.constant().append(field.vector(), vector, count);
    }
    return levels;
  }

  private void markNulls(LevelBuffer levels) {
    int row = 0;
    for (int slot = 0; slot < levels.slots(); slot++) {
      int definition = levels.definition(slot);
      if (definition >= filled) {
        if (definition < struct.definition()) {
          vector.markNull(row);
        }
        row++;
      }
    }
  }

  static MalformedFileException disagreement(String file, ParquetFieldSchema field) {
    return new MalformedFileException(
        file,
        "the columns inside do not agree on how many values there are and which are null",
        field.path(),
        MalformedFileException.UNKNOWN,
        MalformedFileException.UNKNOWN,
        null);
  }
}
