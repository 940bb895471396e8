package io.meshwork.internal.ingest.write;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.HybridCalendar;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.write.CopiedChunk;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Compares the columns of a file with the columns of a table, to decide whether a data file can
 * have its unchanged pages: the same fields, by name, stored as the table stores them. A field may
 * be optional in the file and required in the table, or the other way round; the values decide.
 * Stateless.
 */
public final class PageCopyCheck {
  /** Smaller row groups are written together, because each costs its readers a step. */
  private static final long LEAST_GROUP_BYTES = 1 << 20;

  /** Larger row groups need much memory of some readers. */
  private static final long MOST_GROUP_BYTES = 256L << 20;

  private PageCopyCheck() {}

  /**
   * A file that fits, or why it does not.
   *
   * @param table the columns of the table
   * @param schema the same columns, optional or required as in the file
   * @param leaves for each leaf of the schema, the index of the leaf in the file
   * @param refusal why the file has to be encoded again; null if it fits
   */
  public record Fit(Schema table, Schema schema, List<Integer> leaves, @Nullable String refusal) {
    /** A file that has to be encoded again. */
    public static Fit refused(Schema table, String why) {
      return new Fit(table, table, List.of(), why);
    }
  }

  /**
   * Compares a file.
   *
   * @param table the columns of the table
   * @param profile the encodings that the readers of the table have
   * @param alone true if it is the only file of a publish
   */
  public static Fit of(ParquetReader file, Schema table, EncodingProfile profile, boolean alone) {
    String size = sizes(file.rowGroups(), alone);
    if (size != null) {
      return Fit.refused(table, size);
    }
    if (HybridCalendar.of(file.properties()) != null) {
      return Fit.refused(table, "its dates are in the calendar of Spark 2");
    }
    ParquetFileSchema own = ParquetFileSchema.of(ParquetFileSchema.elements(table));
    List<Integer> leaves = new ArrayList<>();
    List<NestedField> columns = new ArrayList<>();
    try {
      for (int i = 0; i < table.columns().size(); i++) {
        columns.add(field(own.columns().get(i), table.columns().get(i), file.columns(), leaves));
      }
      checkStorage(file, leaves, profile);
    } catch (MismatchedColumnException e) {
      return Fit.refused(table, String.valueOf(e.getMessage()));
    }
    Schema schema = new Schema(columns);
    return haveLevelsOf(file, schema, leaves)
        ? new Fit(table, schema, List.copyOf(leaves), null)
        : Fit.refused(table, "its columns are nested in another way");
  }

  /** Rejects what the footer declares, so that no page is read for nothing. */
  private static void checkStorage(
      ParquetReader file, List<Integer> leaves, EncodingProfile profile) {
    List<ParquetReader.LeafStorage> storage = file.storage();
    for (int leaf : leaves) {
      String refusal =
          CopiedChunk.refusal(storage.get(leaf).codecs(), storage.get(leaf).encodings(), profile);
      if (refusal != null) {
        throw new MismatchedColumnException(file.leaves().get(leaf).name(), refusal);
      }
    }
  }

  /** Returns true if the levels in the pages mean in the schema what they mean in the file. */
  private static boolean haveLevelsOf(ParquetReader file, Schema schema, List<Integer> leaves) {
    List<ParquetColumn> ours = ParquetFileSchema.of(ParquetFileSchema.elements(schema)).leaves();
    List<ParquetColumn> theirs = file.leaves();
    for (int i = 0; i < ours.size(); i++) {
      ParquetColumn theirLeaf = theirs.get(leaves.get(i));
      if (ours.get(i).maxDefinitionLevel() != theirLeaf.maxDefinitionLevel()
          || !ours.get(i).repeatedDefinitionLevels().equals(theirLeaf.repeatedDefinitionLevels())) {
        return false;
      }
    }
    return true;
  }

  /** Returns why the sizes of row groups do not fit; null if they do. */
  static @Nullable String sizes(List<FooterRowGroup> groups, boolean alone) {
    if (groups.isEmpty()) {
      return "it has no rows";
    }
    long bytes = 0;
    for (FooterRowGroup group : groups) {
      long ofGroup = 0;
      for (FooterRowGroup.FooterColumnChunk column : group.columns()) {
        ofGroup += column.compressedBytes();
      }
      if (ofGroup > MOST_GROUP_BYTES) {
        return "a row group is large";
      }
      bytes += ofGroup;
    }
    return bytes / groups.size() < LEAST_GROUP_BYTES && !(alone && groups.size() == 1)
        ? "its row groups are small"
        : null;
  }

  private static NestedField field(
      Field own, NestedField wanted, List<Field> candidates, List<Integer> leaves) {
    for (Field candidate : candidates) {
      if (candidate.name().equals(own.name())) {
        Type type = type(own, wanted.type(), candidate, leaves);
        return as(wanted, type, candidate.required());
      }
    }
    throw new MismatchedColumnException(own, "it is not in the file");
  }

  private static NestedField as(NestedField field, Type type, boolean required) {
    NestedField.Builder builder = NestedField.from(field).ofType(type);
    return required ? builder.asRequired().build() : builder.asOptional().build();
  }

  private static Type type(Field own, Type wanted, Field theirField, List<Integer> leaves) {
    if (theirField.kind() != own.kind()) {
      throw new MismatchedColumnException(own, "it is " + theirField.describe() + " in the file");
    }
    return switch (own.kind()) {
      case STRUCT -> {
        List<NestedField> fields = new ArrayList<>();
        for (int i = 0; i < own.parts().size(); i++) {
          NestedField part = wanted.asStructType().fields().get(i);
          fields.add(field(own.parts().get(i), part, theirField.parts(), leaves));
        }
        yield Types.StructType.of(fields);
      }
      case LIST -> {
        Types.ListType list = wanted.asListType();
        Field element = theirField.parts().get(0);
        Type type = type(own.parts().get(0), list.elementType(), element, leaves);
        yield element.required()
            ? Types.ListType.ofRequired(list.elementId(), type)
            : Types.ListType.ofOptional(list.elementId(), type);
      }
      case MAP -> map(own, wanted.asMapType(), theirField, leaves);
      default -> leaf(own, wanted, theirField, leaves);
    };
  }

  private static Type map(Field own, Types.MapType wanted, Field theirField, List<Integer> leaves) {
    Field key = theirField.parts().get(0);
    Field value = theirField.parts().get(1);
    if (!key.required()) {
      throw new MismatchedColumnException(own, "its keys are optional in the file");
    }
    Type keyType = type(own.parts().get(0), wanted.keyType(), key, leaves);
    Type valueType = type(own.parts().get(1), wanted.valueType(), value, leaves);
    return value.required()
        ? Types.MapType.ofRequired(wanted.keyId(), wanted.valueId(), keyType, valueType)
        : Types.MapType.ofOptional(wanted.keyId(), wanted.valueId(), keyType, valueType);
  }

  private static Type leaf(Field own, Type wanted, Field theirField, List<Integer> leaves) {
    ParquetColumn ours = Objects.requireNonNull(own.leaf());
    ParquetColumn theirs = Objects.requireNonNull(theirField.leaf());
    ValueType one = ours.type();
    ValueType theirType = theirs.type();
    boolean same =
        one.physical() == theirType.physical()
            && one.width() == theirType.width()
            && Objects.equals(one.type(), theirType.type())
            && one.ticks() == theirType.ticks()
            && !theirType.unsigned();
    if (!same) {
      throw new MismatchedColumnException(own, "it is " + theirField.describe() + " in the file");
    }
    // A list of old writers has fewer groups than the table's.
    if (ours.path().size() != theirs.path().size()
        || ours.maxRepetitionLevel() != theirs.maxRepetitionLevel()) {
      throw new MismatchedColumnException(own, "its lists have a form of old writers");
    }
    leaves.add(theirs.index());
    return wanted;
  }

  /** A column that is stored in another way than the table's. */
  private static final class MismatchedColumnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MismatchedColumnException(Field column, String why) {
      this(column.path(), why);
    }

    MismatchedColumnException(String column, String why) {
      super("column " + column + ": " + why, null, false, false);
    }
  }
}
