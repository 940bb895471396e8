package io.meshwork.internal.rows;

import io.meshwork.internal.schema.TextFormat;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Parses the strings of corrected rows in columns of other types, in the forms that a contract
 * states. Immutable.
 */
public final class CorrectedRows {
  private final Map<String, FormattedText> columns = new HashMap<>();

  /** Prepares the columns of a contract's Avro record. */
  public CorrectedRows(Schema declared) {
    for (Schema.Field field : declared.getFields()) {
      Schema type = ColumnKind.withoutNull(field.schema());
      ColumnKind kind = type == null ? null : ColumnKind.of(type);
      if (kind != null && kind != ColumnKind.STRING && !kind.nested()) {
        columns.put(field.name(), FormattedText.of(kind, TextFormat.of(field)));
      }
    }
  }

  /** Returns the row; strings that do not fit their column stay, strings for null are left out. */
  public Map<String, @Nullable Object> parsed(Map<String, ?> row) {
    Map<String, @Nullable Object> parsed = new LinkedHashMap<>(row);
    columns.forEach(
        (name, column) -> {
          Object value = row.get(name) instanceof String text ? column.parse(text) : null;
          if (value == FormattedText.NULL) {
            parsed.remove(name);
          } else if (value != null) {
            parsed.put(name, value);
          }
        });
    return parsed;
  }
}
