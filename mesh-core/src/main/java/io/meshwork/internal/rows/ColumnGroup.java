package io.meshwork.internal.rows;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table, or the fields of a record inside of one, in stored order.
 *
 * @param prefix what a message puts before the name of one
 */
record ColumnGroup(String prefix, List<ContractColumn> columns) {
  private static final Schema TEXT = Schema.create(Schema.Type.STRING);

  /**
   * The columns of a table, each with its meaning by the contract, which has all of them at every
   * depth.
   */
  static ColumnGroup of(Schema contract, org.apache.iceberg.Schema table) {
    return new ColumnGroup("", fields("", false, contract, table.columns(), null));
  }

  /**
   * The columns of a table, at any depth, that an Avro record to read into has. Its fields that the
   * table lacks become gaps.
   */
  static ColumnGroup read(Schema reader, org.apache.iceberg.Schema table, Gaps gaps) {
    return new ColumnGroup("", fields("", false, reader, table.columns(), gaps));
  }

  /** The names, for a message. */
  List<String> names() {
    return columns.stream().map(ContractColumn::name).toList();
  }

  /** The place of a name, be there such a column or not. */
  String place(String name) {
    return prefix + name;
  }

  /** The record that they are the fields of; empty for the columns of a table. */
  String owner() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /** The column of a name; null if there is none. */
  @Nullable ContractColumn find(String name) {
    for (ContractColumn column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  private static List<ContractColumn> fields(
      String prefix,
      boolean inner,
      Schema record,
      List<Types.NestedField> stored,
      @Nullable Gaps gaps) {
    List<ContractColumn> columns = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      Types.NestedField field = stored.get(i);
      Schema.Field promised = record.getField(field.name());
      if (promised != null) {
        ContractColumn column =
            column(
                i,
                field.name(),
                prefix + field.name(),
                inner,
                field.type(),
                promised.schema(),
                promised,
                gaps);
        if (column != null) {
          columns.add(column);
        }
      } else if (gaps == null) {
        throw new IllegalArgumentException(
            "the table's column " + prefix + field.name() + " is not in the contract's schema");
      }
    }
    if (gaps != null) {
      List<String> names = stored.stream().map(Types.NestedField::name).toList();
      for (Schema.Field field : record.getFields()) {
        if (!names.contains(field.name())) {
          gaps.add(
              "UNKNOWN_COLUMN",
              prefix + field.name(),
              "field '" + prefix + field.name() + "' is no column here",
              "leave the field out; " + Gaps.candidates(field.name(), names));
        }
      }
    }
    return List.copyOf(columns);
  }

  private static @Nullable ContractColumn column(
      int position,
      String name,
      String path,
      boolean inner,
      Type stored,
      Schema schema,
      Schema.@Nullable Field field,
      @Nullable Gaps gaps) {
    Schema promised = ColumnKind.withoutNull(schema);
    ColumnKind kind = promised == null ? null : ColumnKind.of(promised);
    if (promised == null || kind == null || kind.nested() != stored.isNestedType()) {
      return misfit(path, stored, schema, gaps);
    }
    List<ContractColumn> below = new ArrayList<>();
    switch (kind) {
      case RECORD -> {
        if (!stored.isStructType()) {
          return misfit(path, stored, schema, gaps);
        }
        below.addAll(fields(path + ".", true, promised, stored.asStructType().fields(), gaps));
      }
      case LIST -> {
        if (!stored.isListType()) {
          return misfit(path, stored, schema, gaps);
        }
        Type element = stored.asListType().elementType();
        add(
            below,
            column(0, path, path + "[]", true, element, promised.getElementType(), null, gaps));
      }
      case MAP -> {
        if (!stored.isMapType()) {
          return misfit(path, stored, schema, gaps);
        }
        Types.MapType map = stored.asMapType();
        add(below, column(0, path, path + "{key}", true, map.keyType(), TEXT, null, gaps));
        add(
            below,
            column(
                1, path, path + "{}", true, map.valueType(), promised.getValueType(), null, gaps));
      }
      default -> {
        // Nothing lies below.
      }
    }
    return new ContractColumn(
        position,
        name,
        path,
        inner,
        stored,
        !schema.isNullable(),
        kind,
        promised,
        field,
        List.copyOf(below));
  }

  private static void add(List<ContractColumn> columns, @Nullable ContractColumn column) {
    if (column != null) {
      columns.add(column);
    }
  }

  private static @Nullable ContractColumn misfit(
      String path, Type stored, Schema schema, @Nullable Gaps gaps) {
    String what =
        "'" + path + "' is a " + schema.getType().getName() + " and is stored as " + stored;
    if (gaps == null) {
      throw new IllegalArgumentException("the contract's column " + what);
    }
    gaps.add("TYPE_MISMATCH", path, "field " + what, "give the field the contract's type");
    return null;
  }
}
