package io.meshwork.internal.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The columns of a table, or the fields of a nested record, in stored order. Immutable. */
public final class ColumnGroup {
  private static final Schema TEXT = Schema.create(Schema.Type.STRING);

  private final String prefix;
  private final List<ContractColumn> columns;
  private final Map<String, ContractColumn> byName = new HashMap<>();

  /** Creates a group. {@code prefix} precedes the name of a column in messages. */
  ColumnGroup(String prefix, List<ContractColumn> columns) {
    this.prefix = prefix;
    this.columns = List.copyOf(columns);
    columns.forEach(column -> byName.putIfAbsent(column.name(), column));
  }

  /** Returns the columns, in stored order. */
  public List<ContractColumn> columns() {
    return columns;
  }

  /**
   * Returns the columns of a table with their types by contract, which declares all of them at
   * every depth.
   */
  public static ColumnGroup of(Schema contract, org.apache.iceberg.Schema table) {
    return new ColumnGroup("", fields("", false, contract, table.columns()));
  }

  /** Returns the names, for a message. */
  public List<String> names() {
    return columns.stream().map(ContractColumn::name).toList();
  }

  /** Returns the path of a name, whether or not the column exists. */
  public String place(String name) {
    return prefix + name;
  }

  /** Returns the path of the enclosing record; empty for the columns of a table. */
  String owner() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /** Returns the column with this name; null if there is none. */
  public @Nullable ContractColumn find(String name) {
    return byName.get(name);
  }

  private static List<ContractColumn> fields(
      String prefix, boolean inner, Schema record, List<Types.NestedField> stored) {
    List<ContractColumn> columns = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      Types.NestedField field = stored.get(i);
      Schema.Field contractType = record.getField(field.name());
      if (contractType == null) {
        throw new IllegalArgumentException(
            "the table's column " + prefix + field.name() + " is not in the contract's schema");
      }
      columns.add(
          column(
              i,
              field.name(),
              prefix + field.name(),
              inner,
              field.type(),
              contractType.schema(),
              contractType));
    }
    return List.copyOf(columns);
  }

  private static ContractColumn column(
      int position,
      String name,
      String path,
      boolean inner,
      Type stored,
      Schema schema,
      Schema.@Nullable Field field) {
    Schema contractType = ColumnKind.withoutNull(schema);
    ColumnKind kind = contractType == null ? null : ColumnKind.of(contractType);
    if (contractType == null || kind == null || !fits(kind, stored)) {
      throw new IllegalArgumentException(
          "the contract's column '"
              + path
              + "' is a "
              + schema.getType().getName()
              + " but is stored as "
              + stored);
    }
    List<ContractColumn> children =
        switch (kind) {
          case RECORD -> fields(path + ".", true, contractType, stored.asStructType().fields());
          case LIST -> {
            Type element = stored.asListType().elementType();
            yield List.of(
                column(0, path, path + "[]", true, element, contractType.getElementType(), null));
          }
          case MAP -> {
            Types.MapType map = stored.asMapType();
            yield List.of(
                column(0, path, path + "{key}", true, map.keyType(), TEXT, null),
                column(
                    1,
                    path,
                    path + "{}",
                    true,
                    map.valueType(),
                    contractType.getValueType(),
                    null));
          }
          default -> List.of();
        };
    return new ContractColumn(
        position,
        name,
        path,
        inner,
        stored,
        !schema.isNullable(),
        kind,
        contractType,
        field,
        children);
  }

  private static boolean fits(ColumnKind kind, Type stored) {
    return switch (kind) {
      case RECORD -> stored.isStructType();
      case LIST -> stored.isListType();
      case MAP -> stored.isMapType();
      default -> !stored.isNestedType();
    };
  }
}
