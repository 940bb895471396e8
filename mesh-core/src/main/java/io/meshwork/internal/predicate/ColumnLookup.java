package io.meshwork.internal.predicate;

import io.meshwork.internal.text.NearestName;
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
 * Resolves the column names of a filter: an exact match first, then a case-insensitive match if it
 * is unique, as catalogs compare names.
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

  /** The most names that a message lists when none is similar. */
  private static final int MAX_LISTED = 20;

  private final Schema schema;
  private final Set<Integer> partitionColumns;
  private final EnumSymbols symbols;
  private final boolean ofList;

  ColumnLookup(Schema schema, Set<Integer> partitionColumns) {
    this(schema, partitionColumns, EnumSymbols.NONE, false);
  }

  ColumnLookup(Schema schema, Set<Integer> partitionColumns, EnumSymbols symbols) {
    this(schema, partitionColumns, symbols, false);
  }

  /**
   * Creates a lookup.
   *
   * @param ofList true if the column was named with a list of values, not in a filter
   */
  ColumnLookup(Schema schema, Set<Integer> partitionColumns, EnumSymbols symbols, boolean ofList) {
    this.schema = schema;
    this.partitionColumns = Set.copyOf(partitionColumns);
    this.symbols = symbols;
    this.ofList = ofList;
  }

  /** Fails if a string is compared for equality with an enum that has no such symbol. */
  void requireSymbol(FilterColumn column, FilterToken constant) {
    List<String> allowed = symbols.of(column);
    if (allowed != null && !allowed.contains(constant.text())) {
      throw FilterErrorCode.TYPE_MISMATCH.at(
          constant.position(),
          column.name(),
          "no symbol of its enum equals the constant",
          EnumSymbols.suggestions(constant.text(), allowed));
    }
  }

  boolean isPartition(FilterColumn column) {
    return partitionColumns.contains(column.fieldId());
  }

  FilterColumn find(List<FilterToken> names) {
    FilterToken first = names.get(0);
    if (RESERVED.contains(first.text().toLowerCase(Locale.ROOT))) {
      throw FilterErrorCode.RESERVED_COLUMN.at(
          first.position(), first.text(), "the name is reserved", "Use another column.");
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
        throw FilterErrorCode.NESTED_PARTITION.at(
            first.position(),
            field.name(),
            "the filter accesses a field of a partition column",
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
      throw FilterErrorCode.UNKNOWN_COLUMN.at(
          name.position(), String.join(".", path), "it has no fields", "Use the column itself.");
    }
    throw unsupported(name, path, field.type());
  }

  private static Types.@Nullable NestedField field(Types.StructType level, FilterToken name) {
    Types.NestedField exact = level.field(name.text());
    if (exact != null) {
      return exact;
    }
    Types.NestedField match = null;
    for (Types.NestedField field : level.fields()) {
      if (field.name().equalsIgnoreCase(name.text())) {
        if (match != null) {
          throw FilterErrorCode.UNKNOWN_COLUMN.at(
              name.position(),
              match.name(),
              "the name matches several columns that differ only by case",
              "Use the exact spelling of one of them.");
        }
        match = field;
      }
    }
    return match;
  }

  private FilterParseException unknown(
      Types.StructType level, List<String> path, FilterToken name) {
    List<String> names = level.fields().stream().map(Types.NestedField::name).toList();
    String prefix = path.isEmpty() ? "" : String.join(".", path) + ".";
    String fix =
        NearestName.to(name.text(), names)
                .map(near -> "Did you mean '" + prefix + near + "'?")
                .orElseGet(() -> listed(names, path))
            + (ofList ? "" : " Enclose text in single quotes.");
    String no =
        path.isEmpty() ? "no column has " : "no field of " + String.join(".", path) + " has ";
    // A name in double quotes may be meant as a value, and messages never contain values.
    return ofList || name.kind() == FilterToken.Kind.NAME
        ? FilterErrorCode.UNKNOWN_COLUMN.at(
            name.position(), prefix + name.text(), no + "this name", fix)
        : FilterErrorCode.UNKNOWN_COLUMN.at(name.position(), no + "the quoted name", fix);
  }

  private static String listed(List<String> names, List<String> path) {
    List<String> display = names.subList(0, Math.min(names.size(), MAX_LISTED));
    return (path.isEmpty() ? "The columns are " : "The fields are ")
        + String.join(", ", display)
        + (names.size() > display.size()
            ? " and " + (names.size() - display.size()) + " more."
            : ".");
  }

  private static FilterParseException unsupported(FilterToken name, List<String> path, Type type) {
    String column = String.join(".", path);
    if (type instanceof Types.StructType struct) {
      return FilterErrorCode.UNSUPPORTED_TYPE.at(
          name.position(),
          column,
          "it is a struct, which cannot be compared",
          "Use one of its fields, such as " + column + "." + struct.fields().get(0).name() + ".");
    }
    String kind = type.isListType() ? "an array" : type.isMapType() ? "a map" : "of type " + type;
    return FilterErrorCode.UNSUPPORTED_TYPE.at(
        name.position(),
        column,
        "it is " + kind + ", which has no constants",
        "Use a column of a primitive type, or filter the rows after reading them.");
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
