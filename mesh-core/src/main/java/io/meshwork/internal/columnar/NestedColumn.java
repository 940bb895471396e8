package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A nested column of a projection: the tree of its readers, and the leaves they read from. Not
 * thread-safe.
 */
final class NestedColumn {
  private final NestedReader root;
  private final List<NestedLeafReader> leaves;

  private NestedColumn(NestedReader root, List<NestedLeafReader> leaves) {
    this.root = root;
    this.leaves = leaves;
  }

  /** The leaves to open for each row group. */
  List<NestedLeafReader> leaves() {
    return leaves;
  }

  /** The next rows of the row group; valid until asked again. */
  Vector read(int rows) {
    root.vector().reset();
    root.read(rows);
    return root.vector();
  }

  /** A column; {@link ColumnMismatchException} if it cannot be read as the type wanted. */
  static NestedColumn of(
      String file,
      ParquetProjectionSchema projection,
      ParquetFieldSchema found,
      NestedField wanted,
      Decompressor decompressor,
      BatchLimit limit) {
    Plan plan = new Plan(file, projection, decompressor, limit, new ArrayList<>());
    NestedReader root = plan.reader(found, wanted.type(), wanted.name(), 0);
    return new NestedColumn(root, List.copyOf(plan.leaves));
  }

  /** Builds readers from the leaves up. */
  private record Plan(
      String file,
      ParquetProjectionSchema projection,
      Decompressor decompressor,
      BatchLimit limit,
      List<NestedLeafReader> leaves) {

    /** {@code filled} is the definition level from which what lies around has a row here. */
    NestedReader reader(ParquetFieldSchema found, Type wanted, String path, int filled) {
      ParquetProjectionSchema.checkKind(found, wanted, path);
      return switch (found.kind()) {
        case STRUCT -> struct(found, wanted.asStructType().fields(), path, filled);
        case LIST ->
            RepeatedReader.list(
                file,
                found,
                filled,
                reader(
                    found.parts().get(0),
                    wanted.asListType().elementType(),
                    path + ".element",
                    found.filled()));
        case MAP ->
            RepeatedReader.map(
                file,
                found,
                filled,
                reader(
                    found.parts().get(0),
                    wanted.asMapType().keyType(),
                    path + ".key",
                    found.filled()),
                reader(
                    found.parts().get(1),
                    wanted.asMapType().valueType(),
                    path + ".value",
                    found.filled()));
        default -> leaf(found, wanted, path, filled);
      };
    }

    private NestedReader struct(
        ParquetFieldSchema found, List<NestedField> wanted, String path, int filled) {
      List<Vector> vectors = new ArrayList<>();
      List<NestedReader> readers = new ArrayList<>();
      List<StructReader.Absent> absent = new ArrayList<>();
      for (NestedField field : wanted) {
        String fieldPath = path + "." + field.name();
        ParquetFieldSchema part = projection.find(found.parts(), field, fieldPath);
        if (part == null) {
          Vector vector = VectorBatch.emptyVector(field.type());
          vectors.add(vector);
          absent.add(new StructReader.Absent(vector, ConstantReader.absent(field)));
        } else {
          NestedReader reader = reader(part, field.type(), fieldPath, filled);
          vectors.add(reader.vector());
          readers.add(reader);
        }
      }
      if (readers.isEmpty()) {
        readers.add(levelsOf(found, path));
      }
      return new StructReader(file, found, filled, readers, absent, new StructVector(vectors));
    }

    /** Where a struct is null, although none of its fields is read. */
    private NestedReader levelsOf(ParquetFieldSchema struct, String path) {
      ParquetLeafSchema leaf = struct.node().plainestLeaf();
      if (leaf == null) {
        throw new ColumnMismatchException(
            path, "a struct without columns", "a struct", "nothing says where it is null");
      }
      NestedLeafReader reader =
          NestedLeafReader.levelsOf(file, leaf, struct.node().repetition(), decompressor, limit);
      leaves.add(reader);
      return reader;
    }

    private NestedReader leaf(ParquetFieldSchema found, Type wanted, String path, int filled) {
      ParquetLeafSchema leaf = found.node().leaf();
      if (leaf == null) {
        throw new IllegalStateException(path + " is no leaf");
      }
      NestedLeafReader reader =
          NestedLeafReader.of(file, projection, leaf, filled, wanted, path, decompressor, limit);
      leaves.add(reader);
      return reader;
    }
  }
}
