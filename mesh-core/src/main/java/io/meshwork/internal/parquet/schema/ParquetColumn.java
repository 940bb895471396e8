package io.meshwork.internal.parquet.schema;

import java.util.List;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * A leaf column of a Parquet file, read or written. Each row group has one column chunk of it.
 *
 * @param path its names from the root in the file, including {@code list.element} and the like
 * @param index position among the file's leaves, and so among the chunks of each row group
 * @param maxDefinitionLevel the definition level of a value that is present: the number of optional
 *     and repeated fields on the path
 * @param repeatedDefinitionLevels for each repetition level from 1 on, the definition level from
 *     which the repeated field has an element
 * @param type the type of the values
 */
public record ParquetColumn(
    List<String> path,
    int index,
    int maxDefinitionLevel,
    List<Integer> repeatedDefinitionLevels,
    ValueType type) {
  /** The unit of a time or timestamp. */
  public enum Ticks {
    NONE,
    MILLIS,
    MICROS,
    NANOS
  }

  /**
   * The type of a column's values: the closest Iceberg type, and what that type does not express.
   *
   * @param physical the physical type
   * @param width bytes of a fixed-length value; 0 for byte strings
   * @param type the Iceberg type; null if there is none
   * @param ticks the unit of times and timestamps
   * @param unsigned whether the stored number is unsigned
   * @param unsupportedReason why there is no Iceberg type; null if there is one
   * @param annotation the logical type in the file, also of a deprecated converted type; null if
   *     there is none. Must not be modified
   */
  public record ValueType(
      Type physical,
      int width,
      org.apache.iceberg.types.@Nullable Type type,
      Ticks ticks,
      boolean unsigned,
      @Nullable String unsupportedReason,
      @Nullable LogicalType annotation) {

    /** Returns true for a column in which every value is null. */
    public boolean alwaysNull() {
      return type != null && type.typeId() == org.apache.iceberg.types.Type.TypeID.UNKNOWN;
    }

    /** Describes the type for messages: the Iceberg type and the physical one. */
    public String describe() {
      String name = width > 0 && physical == Type.FIXED_LEN_BYTE_ARRAY ? "(" + width + ")" : "";
      return (type == null ? unsupportedReason : type) + " (" + physical + name + ")";
    }
  }

  public ParquetColumn {
    path = List.copyOf(path);
    repeatedDefinitionLevels = List.copyOf(repeatedDefinitionLevels);
  }

  /**
   * Returns the maximum repetition level, the number of repeated fields on the path; 0 if each row
   * has exactly one slot.
   */
  public int maxRepetitionLevel() {
    return repeatedDefinitionLevels.size();
  }

  /** Returns the dotted names from the root. */
  public String name() {
    return path.size() == 1 ? path.get(0) : String.join(".", path);
  }
}
