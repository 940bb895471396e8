package io.meshwork.internal.predicate;

import io.meshwork.internal.runtime.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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

  /** Names in a message when none of them is near. */
  private static final int MOST_LISTED = 20;

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
        throw unknown(level, path, name);
      }
      path.add(field.name());
      if (path.size() == 1 && names.size() > 1 && partitionColumns.contains(field.fieldId())) {
        throw FilterFault.NESTED_PARTITION.at(
            first.position(),
            field.name(),
            "it partitions the table and is asked for a field",
            "Compare the partition column itself.");
      }
    }
    Type type = Objects.requireNonNull(field, "a column has a name").type();
    if (!isSimple(type)) {
      throw unsupported(first, path, type);
    }
    return new FilterColumn(field.fieldId(), path, type);
  }

  private static Types.StructType fieldsOf(
      Types.NestedField field, List<String> path, FilterToken name) {
    if (field.type().isStructType()) {
      return field.type().asStructType();
    }
    if (isSimple(field.type())) {
      throw FilterFault.UNKNOWN_COLUMN.at(
          name.position(), String.join(".", path), "it has no fields", "Ask the column itself.");
    }
    throw unsupported(name, path, field.type());
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

  private static FilterRefusal unknown(
      Types.StructType level, List<String> path, FilterToken name) {
    List<String> names = level.fields().stream().map(Types.NestedField::name).toList();
    String around = path.isEmpty() ? "" : String.join(".", path) + ".";
    String mend =
        NearestName.to(name.text(), names)
                .map(near -> "Did you mean '" + around + near + "'?")
                .orElseGet(() -> listed(names, path))
            + " Text stands in single quotes.";
    String no =
        path.isEmpty() ? "no column has " : "no field of " + String.join(".", path) + " has ";
    // A name in double quotes may be meant as a value, which messages never show.
    return name.kind() == FilterToken.Kind.NAME
        ? FilterFault.UNKNOWN_COLUMN.at(
            name.position(), around + name.text(), no + "this name", mend)
        : FilterFault.UNKNOWN_COLUMN.at(name.position(), no + "the quoted name", mend);
  }

  private static String listed(List<String> names, List<String> path) {
    List<String> shown = names.subList(0, Math.min(names.size(), MOST_LISTED));
    return (path.isEmpty() ? "The columns are " : "The fields are ")
        + String.join(", ", shown)
        + (names.size() > shown.size() ? " and " + (names.size() - shown.size()) + " more." : ".");
  }

  private static FilterRefusal unsupported(FilterToken name, List<String> path, Type type) {
    String column = String.join(".", path);
    if (type instanceof Types.StructType struct) {
      return FilterFault.UNSUPPORTED_TYPE.at(
          name.position(),
          column,
          "it is a struct, which is compared with nothing",
          "Ask one of its fields, such as " + column + "." + struct.fields().get(0).name() + ".");
    }
    String kind = type.isListType() ? "an array" : type.isMapType() ? "a map" : "of type " + type;
    return FilterFault.UNSUPPORTED_TYPE.at(
        name.position(),
        column,
        "it is " + kind + ", for which there are no constants",
        "Ask a column of a simple type, or filter the rows after reading them.");
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
