package io.meshwork.internal.catalog;

import io.meshwork.contract.Contract;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The part of the document of a contract version with the field IDs, by which rights identify a
 * column across renames.
 *
 * @param fieldIds the IDs of all fields in the order of the contract, such as {@code 1-4,9}
 */
public record FieldIds(String fieldIds) {
  /**
   * Returns the IDs of a contract version.
   *
   * @param table the columns of its table, with the same names
   */
  public static FieldIds of(Contract contract, Schema table) {
    Schema named = IcebergSchemas.fromAvro(contract.schema());
    List<Integer> ids = new ArrayList<>();
    collect(matching(named.asStruct(), table.asStruct()), ids);
    return new FieldIds(ranges(ids));
  }

  /** The table's fields in the order of the contract. */
  private static List<Types.NestedField> matching(Types.StructType named, Types.StructType table) {
    return named.fields().stream()
        .map(field -> Objects.requireNonNull(table.field(field.name()), field.name()))
        .toList();
  }

  private static void collect(List<Types.NestedField> fields, List<Integer> ids) {
    for (Types.NestedField field : fields) {
      ids.add(field.fieldId());
      if (field.type().isNestedType()) {
        collect(field.type().asNestedType().fields(), ids);
      }
    }
  }

  private static String ranges(List<Integer> ids) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.size(); i++) {
      int last = i;
      while (last + 1 < ids.size() && ids.get(last + 1) == ids.get(last) + 1) {
        last++;
      }
      text.append(text.isEmpty() ? "" : ",").append(ids.get(i));
      if (last > i) {
        text.append('-').append(ids.get(last));
      }
      i = last;
    }
    return text.toString();
  }

  /** Returns the columns of the contract version with their field IDs. */
  public Schema schema(Contract contract) {
    List<Integer> ids = new ArrayList<>();
    for (String range : fieldIds.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      for (int id = first; id <= last; id++) {
        ids.add(id);
      }
    }
    Schema named = IcebergSchemas.fromAvro(contract.schema());
    return new Schema(fields(named.columns(), ids.iterator()));
  }

  private static List<Types.NestedField> fields(
      List<Types.NestedField> named, Iterator<Integer> ids) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (Types.NestedField field : named) {
      int id = ids.next();
      Type type = type(field.type(), ids);
      fields.add(
          field.isOptional()
              ? Types.NestedField.optional(id, field.name(), type, field.doc())
              : Types.NestedField.required(id, field.name(), type, field.doc()));
    }
    return fields;
  }

  private static Type type(Type named, Iterator<Integer> ids) {
    if (named.isStructType()) {
      return Types.StructType.of(fields(named.asStructType().fields(), ids));
    } else if (named.isListType()) {
      int id = ids.next();
      Type element = type(named.asListType().elementType(), ids);
      return named.asListType().isElementOptional()
          ? Types.ListType.ofOptional(id, element)
          : Types.ListType.ofRequired(id, element);
    } else if (named.isMapType()) {
      int key = ids.next();
      Type keyType = type(named.asMapType().keyType(), ids);
      int value = ids.next();
      Type valueType = type(named.asMapType().valueType(), ids);
      return named.asMapType().isValueOptional()
          ? Types.MapType.ofOptional(key, value, keyType, valueType)
          : Types.MapType.ofRequired(key, value, keyType, valueType);
    }
    return named;
  }
}
