package io.meshwork.internal.predicate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns that a filter names: exactly, else without case where only one name fits, as
 * catalogs compare names.
 */
final class ColumnLookup {
  private static final Set<String> RESERVED =
      Set.of(
          "ctid",
          "oid",
          "xmin",
          "cmin",
          "xmax",
          "cmax",
          "tableoid",
          "insertxid",
          "deletexid",
          "importoid",
          "redcatuniqueid");

  private final Schema schema;
  private final Set<Integer> partitionColumns;

  ColumnLookup(Schema schema, Set<Integer> partitionColumns) {
    this.schema = schema;
    this.partitionColumns = Set.copyOf(partitionColumns);
  }

  boolean isPartition(FilterColumn column) {
    return partitionColumns.contains(column.fieldId());
  }

  FilterColumn find(List<FilterToken> names) {
    FilterToken first = names.get(0);
    if (RESERVED.contains(first.text().toLowerCase(Locale.ROOT))) {
      throw FilterFault.RESERVED_COLUMN.at(
          first.position(), "the name is reserved", "Ask another column.");
    }
    List<String> path = new ArrayList<>();
    Types.NestedField field = null;
    Types.StructType level = schema.asStruct();
    for (FilterToken name : names) {
      if (field != null) {
        level = fieldsOf(field, path, name);
      }
      field = field(level, name);
      if (field == null) {
        throw unknown(name);
      }
      path.add(field.name());
      if (path.size() == 1 && names.size() > 1 && partitionColumns.contains(field.fieldId())) {
        throw FilterFault.NESTED_PARTITION.at(
            first.position(),
            field.name(),
            "the partition column is asked for a field",
            "Compare the partition column itself.");
      }
    }
    if (field == null || !isSimple(field.type())) {
      throw unsupported(first, path);
    }
    return new FilterColumn(field.fieldId(), path, field.type());
  }

  private static Types.StructType fieldsOf(
      Types.NestedField field, List<String> path, FilterToken name) {
    if (field.type().isStructType()) {
      return field.type().asStructType();
    }
    if (isSimple(field.type())) {
      throw FilterFault.UNKNOWN_COLUMN.at(
          name.position(),
          String.join(".", path),
          "the column has no fields",
          "Ask the column itself.");
    }
    throw unsupported(name, path);
  }

  private static Types.@Nullable NestedField field(Types.StructType level, FilterToken name) {
    Types.NestedField exact = level.field(name.text());
    if (exact != null) {
      return exact;
    }
    Types.NestedField found = null;
    for (Types.NestedField field : level.fields()) {
      if (field.name().equalsIgnoreCase(name.text())) {
        if (found != null) {
          throw FilterFault.UNKNOWN_COLUMN.at(
              name.position(),
              found.name(),
              "the name fits several columns that differ in case only",
              "Spell it exactly as one of them.");
        }
        found = field;
      }
    }
    return found;
  }

  private static RuntimeException unknown(FilterToken name) {
    String mend = "Name a column of the table; put text in single quotes.";
    // A name in double quotes may be meant as a value, which messages never show.
    return name.kind() == FilterToken.Kind.NAME
        ? FilterFault.UNKNOWN_COLUMN.at(
            name.position(), name.text(), "no column has this name", mend)
        : FilterFault.UNKNOWN_COLUMN.at(name.position(), "no column has the quoted name", mend);
  }

  private static RuntimeException unsupported(FilterToken name, List<String> path) {
    return FilterFault.UNSUPPORTED_TYPE.at(
        name.position(),
        String.join(".", path),
        "the column is an array, a map, a struct or of another type that has no constants",
        "Ask a column of a simple type; fields of a struct by a dot.");
  }

  private static boolean isSimple(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN,
          INTEGER,
          LONG,
          FLOAT,
          DOUBLE,
          DECIMAL,
          DATE,
          TIME,
          TIMESTAMP,
          TIMESTAMP_NANO,
          STRING,
          UUID,
          BINARY,
          FIXED,
          UNKNOWN ->
          true;
      default -> false;
    };
  }
}
