package io.meshwork.internal.ingest;

import io.meshwork.internal.schema.NamesInFiles;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The values of columns in the names of a file's folders, such as {@code dt=2026-01-01}. Immutable.
 *
 * @param byId the values by field ID, as literals of Iceberg; nulls are absent
 * @param refusal why the file cannot be registered; null if it can
 */
record FolderValues(Map<Integer, Object> byId, @Nullable String refusal) {
  /** The name of the folder with the rows in which the column is null. */
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  FolderValues {
    byId = Map.copyOf(byId);
  }

  /**
   * Converts the values to the types of the columns, by each of which the table is partitioned.
   *
   * @param texts the strings by column
   * @param names the name mapping of the table
   */
  static FolderValues of(
      Map<String, String> texts,
      Schema schema,
      MappedFields names,
      PartitionSpec spec,
      boolean ignoringUnknown) {
    String repetition = NamesInFiles.of(names).repetition("", texts.keySet());
    if (repetition != null) {
      return refused("the name of its folder is wrong: " + repetition);
    }
    Map<Integer, Object> values = new HashMap<>();
    for (Map.Entry<String, String> each : texts.entrySet()) {
      Integer id = names.id(each.getKey());
      Types.NestedField column = id == null ? null : schema.asStruct().field(id);
      if (column == null && ignoringUnknown) {
        continue;
      }
      String named = "the name of its folder has the column '" + each.getKey() + "', ";
      if (column == null) {
        return refused(named + "which is not in the contract");
      } else if (!isPartition(spec, column.fieldId())) {
        return refused(named + "by which the product is not partitioned");
      } else if (!each.getValue().equals(NULL)) {
        Object value = value(column, each.getValue());
        if (value == null) {
          return refused(named + "whose value is not of the contract's type " + column.type());
        }
        values.put(column.fieldId(), value);
      }
    }
    return new FolderValues(values, null);
  }

  private static FolderValues refused(String why) {
    return new FolderValues(Map.of(), why);
  }

  private static boolean isPartition(PartitionSpec spec, int id) {
    for (PartitionField field : spec.fields()) {
      if (field.sourceId() == id && field.transform().isIdentity()) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Object value(Types.NestedField column, String text) {
    return switch (column.type().typeId()) {
      case STRING, INTEGER, LONG, DATE -> {
        try {
          yield Conversions.fromPartitionString(column.type(), text);
        } catch (RuntimeException e) {
          yield null;
        }
      }
      default -> null;
    };
  }
}
