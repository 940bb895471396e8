package io.meshwork.cli.internal.file;

import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.contract.Contract;
import io.meshwork.internal.rows.ConstantColumnValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;

/** A string as a value of a column, of the class that rows as maps have. */
public final class ColumnText {
  private ColumnText() {}

  /**
   * Parses a value as a cell of a CSV file of a product: in the form that its contract states.
   *
   * @return the value; empty for null
   * @throws UsageException if the product has no such column, or the text does not fit it
   */
  public static Optional<Object> parse(
      Contract contract, String product, String column, String text) {
    if (contract.schema().getField(column) == null) {
      throw noColumn(product, column, contract.schema());
    }
    try {
      return Optional.ofNullable(ConstantColumnValue.parse(contract.schema(), column, text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "'" + text + "' is not a value of column " + column + ": " + e.getMessage() + ".");
    }
  }

  static UsageException noColumn(String product, String column, Schema contract) {
    return new UsageException(
        product
            + " has no column '"
            + column
            + "'; its columns are "
            + contract.getFields().stream().map(Schema.Field::name).toList()
            + ".");
  }

  /**
   * The Iceberg type of a column.
   *
   * @throws UsageException if the product has no such column
   */
  static String type(ProductCard card, String column) {
    return card.columns().stream()
        .filter(each -> each.name().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    card.name()
                        + " has no column '"
                        + column
                        + "'; its columns are "
                        + card.columns().stream().map(ProductCard.Column::name).toList()
                        + "."))
        .type();
  }

  /**
   * The type of a column, or of a field of a record, as filters find it: by its path, in any case
   * of letters if that is unique.
   *
   * @throws UsageException if the product has no such column, or several
   */
  static String typeOfPath(ProductCard card, String path) {
    String[] names = path.split("\\.", -1);
    List<String> columnNames = card.columns().stream().map(ProductCard.Column::name).toList();
    String column = named(columnNames, names[0], card.name().toString());
    Schema schema = card.contract().schema().getField(column).schema();
    String typePath = column;
    for (int i = 1; i < names.length; i++) {
      Schema record = withoutNull(schema);
      List<String> fields =
          record.getType() == Schema.Type.RECORD
              ? record.getFields().stream().map(Schema.Field::name).toList()
              : List.of();
      String field = named(fields, names[i], card.name() + ", in column '" + typePath + "',");
      schema = record.getField(field).schema();
      typePath = typePath + "." + field;
    }
    return names.length == 1 ? type(card, column) : type(withoutNull(schema));
  }

  private static String named(List<String> columnNames, String name, String owner) {
    if (columnNames.contains(name)) {
      return name;
    }
    List<String> similar = columnNames.stream().filter(name::equalsIgnoreCase).toList();
    if (similar.size() == 1) {
      return similar.get(0);
    }
    throw new UsageException(
        owner
            + (similar.isEmpty() ? " has no column '" : " has several columns '")
            + name
            + "'; its columns are "
            + columnNames
            + ".");
  }

  /** Returns true for a column of texts, with or without null. */
  static boolean isString(Schema column) {
    Schema type = withoutNull(column);
    return type.getType() == Schema.Type.STRING && type.getLogicalType() == null;
  }

  private static Schema withoutNull(Schema schema) {
    return schema.isUnion()
        ? schema.getTypes().stream()
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(schema)
        : schema;
  }

  private static String type(Schema schema) {
    if (schema.getLogicalType() == null) {
      return schema.getType().getName();
    }
    String logical = schema.getLogicalType().getName();
    return logical.startsWith("local-timestamp")
        ? "timestamp"
        : logical.startsWith("timestamp")
            ? "timestamptz"
            : logical.startsWith("time") ? "time" : logical;
  }

  /**
   * Parses a value of a type.
   *
   * @throws IllegalArgumentException if it does not fit, or the type has no such strings
   * @throws DateTimeException if it is not a date or time
   */
  static Object value(String type, String text) {
    return switch (type.replaceFirst("[(].*", "")) {
      case "boolean" -> flag(text);
      case "int" -> Integer.valueOf(text);
      case "long" -> Long.valueOf(text);
      case "float" -> Float.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "decimal" -> new BigDecimal(text);
      case "date" -> LocalDate.parse(text);
      case "time" -> LocalTime.parse(text);
      case "timestamp", "timestamp_ns" -> LocalDateTime.parse(text);
      case "timestamptz", "timestamptz_ns" -> Instant.parse(text);
      case "uuid" -> UUID.fromString(text);
      case "string", "enum" -> text;
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static boolean flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }
}
