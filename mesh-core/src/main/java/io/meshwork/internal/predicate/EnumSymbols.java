package io.meshwork.internal.predicate;

import io.meshwork.internal.text.NearestName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The symbols of enum columns, which a table stores as text. */
final class EnumSymbols {
  static final EnumSymbols NONE = new EnumSymbols(Map.of());

  /** The most symbols that a message lists when none is similar. */
  private static final int MAX_LISTED = 20;

  private final Map<Integer, List<String>> byFieldId;

  private EnumSymbols(Map<Integer, List<String>> byFieldId) {
    this.byFieldId = byFieldId;
  }

  /**
   * Returns the symbols of the enum columns of a contract, also within records.
   *
   * @param columns the table's columns, matched with the contract's by name
   */
  static EnumSymbols of(org.apache.iceberg.Schema columns, Schema contract) {
    Map<Integer, List<String>> byFieldId = new HashMap<>();
    collect(columns.asStruct(), contract, byFieldId);
    return new EnumSymbols(byFieldId);
  }

  /** Returns the symbols of a column; null if it is not an enum. */
  @Nullable List<String> of(FilterColumn column) {
    return byFieldId.get(column.fieldId());
  }

  /** Returns a sentence with the symbol that was probably meant, or else the first symbols. */
  static String suggestions(String text, List<String> symbols) {
    return NearestName.ignoringCase(text, symbols)
        .map(near -> "Did you mean '" + near + "'?")
        .orElseGet(
            () ->
                "The symbols are "
                    + String.join(", ", symbols.subList(0, Math.min(symbols.size(), MAX_LISTED)))
                    + (symbols.size() > MAX_LISTED
                        ? " and " + (symbols.size() - MAX_LISTED) + " more."
                        : "."));
  }

  private static void collect(
      Types.StructType columns, Schema record, Map<Integer, List<String>> byFieldId) {
    for (Schema.Field field : record.getFields()) {
      Types.NestedField column = columns.field(field.name());
      for (Schema type : alternatives(field.schema())) {
        if (column != null && type.getType() == Schema.Type.ENUM) {
          byFieldId.put(column.fieldId(), type.getEnumSymbols());
        } else if (column != null
            && type.getType() == Schema.Type.RECORD
            && column.type().isStructType()) {
          collect(column.type().asStructType(), type, byFieldId);
        }
      }
    }
  }

  private static List<Schema> alternatives(Schema type) {
    return type.isUnion() ? type.getTypes() : List.of(type);
  }
}
