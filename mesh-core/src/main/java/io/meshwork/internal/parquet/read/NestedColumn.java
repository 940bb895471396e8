package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.page.PageDecompressor;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/** A nested column of a projection: the tree of its readers and their leaves. Not thread-safe. */
final class NestedColumn {
  /** The most rows between two others that are read rather than skipped. */
  private static final int SMALL_GAP = 16;

  private final NestedReader root;
  private final List<NestedLeafReader> leaves;

  private NestedColumn(NestedReader root, List<NestedLeafReader> leaves) {
    this.root = root;
    this.leaves = leaves;
  }

  /** Returns the leaves to open for each row group. */
  List<NestedLeafReader> leaves() {
    return leaves;
  }

  /** Reads into vectors that none of the last {@code valid} batches uses. */
  void turn(int valid) {
    root.turn(valid);
  }

  /** Reads the next rows of the row group; valid until the next call. */
  Vector read(int rows) {
    root.vector().reset();
    root.read(rows);
    return root.vector();
  }

  /** Skips to a row of the row group; the rows up to {@code until} are needed next. */
  void skipTo(long target, long until) {
    // A vector may still have rows, which skipping does not touch.
    leaves.forEach(leaf -> leaf.skipTo(target, until));
  }

  /**
   * Returns some rows of the row group that follow the rows read so far.
   *
   * @param first a row of the row group
   * @param chosen the rows, counted from the first; at least one, ascending
   */
  Vector read(long first, int[] chosen) {
    long until = first + chosen[chosen.length - 1] + 1;
    if (chosen[chosen.length - 1] - chosen[0] == chosen.length - 1) {
      skipTo(first + chosen[0], until);
      return read(chosen.length);
    }
    Vector result = root.vector().newEmpty();
    int next = 0;
    while (next < chosen.length) {
      int end = RowRuns.end(chosen, next, SMALL_GAP);
      skipTo(first + chosen[next], until);
      Vector some = read(chosen[end - 1] - chosen[next] + 1);
      for (int i = next; i < end; i++) {
        result.appendFrom(some, chosen[i] - chosen[next]);
      }
      next = end;
    }
    return result;
  }

  /**
   * Creates a column; throws {@link ColumnMismatchException} if it cannot be read as the requested
   * type.
   */
  static NestedColumn of(
      String file,
      FileProjection projection,
      Field fileField,
      NestedField wanted,
      PageDecompressor decompressor,
      BatchLimit limit) {
    ReaderBuilder builder =
        new ReaderBuilder(file, projection, decompressor, limit, new ArrayList<>());
    NestedReader root = builder.reader(fileField, wanted.type(), wanted.name(), 0);
    return new NestedColumn(root, List.copyOf(builder.leaves));
  }

  /** Builds readers from the leaves up. */
  private record ReaderBuilder(
      String file,
      FileProjection projection,
      PageDecompressor decompressor,
      BatchLimit limit,
      List<NestedLeafReader> leaves) {

    /**
     * Returns the reader of a field. {@code rowDefinitionLevel} is the definition level from which
     * the enclosing value has a row here.
     */
    NestedReader reader(Field fileField, Type wanted, String path, int rowDefinitionLevel) {
      FileProjection.checkKind(fileField, wanted, path);
      return switch (fileField.kind()) {
        case STRUCT -> struct(fileField, wanted.asStructType().fields(), path, rowDefinitionLevel);
        case LIST ->
            RepeatedReader.list(
                file,
                fileField,
                rowDefinitionLevel,
                reader(
                    fileField.parts().get(0),
                    wanted.asListType().elementType(),
                    path + ".element",
                    fileField.repeatedDefinitionLevel()));
        case MAP ->
            RepeatedReader.map(
                file,
                fileField,
                rowDefinitionLevel,
                reader(
                    fileField.parts().get(0),
                    wanted.asMapType().keyType(),
                    path + ".key",
                    fileField.repeatedDefinitionLevel()),
                reader(
                    fileField.parts().get(1),
                    wanted.asMapType().valueType(),
                    path + ".value",
                    fileField.repeatedDefinitionLevel()),
                projection.file().isStored());
        default -> leaf(fileField, wanted, path, rowDefinitionLevel);
      };
    }

    private NestedReader struct(
        Field fileField, List<NestedField> wanted, String path, int rowDefinitionLevel) {
      List<Vector> vectors = new ArrayList<>();
      List<NestedReader> readers = new ArrayList<>();
      List<StructReader.Absent> absent = new ArrayList<>();
      for (NestedField field : wanted) {
        String fieldPath = path + "." + field.name();
        Field part = projection.find(fileField.parts(), field, fieldPath);
        if (part == null) {
          vectors.add(VectorBatch.emptyVector(field.type()));
          absent.add(new StructReader.Absent(vectors.size() - 1, ConstantReader.absent(field)));
        } else {
          NestedReader reader = reader(part, field.type(), fieldPath, rowDefinitionLevel);
          vectors.add(reader.vector());
          readers.add(reader);
        }
      }
      if (readers.isEmpty()) {
        readers.add(levelsOf(fileField, path));
      }
      return new StructReader(
          file, fileField, rowDefinitionLevel, readers, absent, new StructVector(vectors));
    }

    /**
     * Returns a reader of a struct's levels only, for a struct none of whose fields is projected.
     */
    private NestedReader levelsOf(Field struct, String path) {
      ParquetColumn leaf = struct.column();
      if (leaf == null) {
        throw new ColumnMismatchException(
            path,
            "a struct without columns",
            "a struct",
            "the file does not define where it is null");
      }
      NestedLeafReader reader =
          NestedLeafReader.levelsOf(file, leaf, struct.repetitionLevel(), decompressor, limit);
      leaves.add(reader);
      return reader;
    }

    private NestedReader leaf(Field fileField, Type wanted, String path, int rowDefinitionLevel) {
      ParquetColumn leaf = fileField.leaf();
      if (leaf == null) {
        throw new IllegalStateException(path + " is not a leaf");
      }
      NestedLeafReader reader =
          NestedLeafReader.of(
              file, projection, leaf, rowDefinitionLevel, wanted, path, decompressor, limit);
      leaves.add(reader);
      return reader;
    }
  }
}
