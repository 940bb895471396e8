package io.meshwork.internal.lakeformation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Parses Glue's types. Unknown types accept constants of any type. */
public final class GlueTypes {
  private static final int MAX_DIGITS = 38;

  private int lastId;

  public Types.NestedField field(String name, Type type) {
    return Types.NestedField.optional(++lastId, name, type);
  }

  /** A type, such as {@code bigint}, {@code decimal(10,2)} or {@code struct<a:int,b:string>}. */
  public Type of(String written) {
    return read(written, false);
  }

  /** The structs of a type, with fields that accept constants of any type. */
  public Type shapeOf(String written) {
    return read(written, true);
  }

  private Type read(String written, boolean shapeOnly) {
    String type = written.strip().toLowerCase(Locale.ROOT);
    if (type.startsWith("struct<") && type.endsWith(">")) {
      return struct(written.strip(), shapeOnly);
    } else if (type.startsWith("array<")) {
      return Types.ListType.ofOptional(++lastId, Types.StringType.get());
    } else if (type.startsWith("map<")) {
      return Types.MapType.ofOptional(
          ++lastId, ++lastId, Types.StringType.get(), Types.StringType.get());
    }
    return shapeOnly ? Types.UnknownType.get() : simple(type);
  }

  private static Type simple(String type) {
    String name = type.replaceAll("\\s*\\(.*", "");
    return switch (name) {
      case "boolean" -> Types.BooleanType.get();
      case "tinyint", "smallint", "int", "integer" -> Types.IntegerType.get();
      case "bigint", "long" -> Types.LongType.get();
      case "float", "real" -> Types.FloatType.get();
      case "double" -> Types.DoubleType.get();
      case "decimal" -> decimal(type);
      case "string", "char", "varchar" -> Types.StringType.get();
      case "date" -> Types.DateType.get();
      case "timestamp" -> Types.TimestampType.withoutZone();
      case "binary" -> Types.BinaryType.get();
      default -> Types.UnknownType.get();
    };
  }

  private static Type decimal(String type) {
    String[] digits = type.replaceAll("[^0-9,]", "").split(",", -1);
    try {
      int precision = Integer.parseInt(digits[0]);
      int scale = digits.length > 1 ? Integer.parseInt(digits[1]) : 0;
      return precision > 0 && precision <= MAX_DIGITS
          ? Types.DecimalType.of(precision, scale)
          : Types.UnknownType.get();
    } catch (NumberFormatException withoutDigits) {
      return Types.DecimalType.of(10, 0);
    }
  }

  private Type struct(String written, boolean shapeOnly) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (String part : parts(written.substring(written.indexOf('<') + 1, written.length() - 1))) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        Type type = read(part.substring(colon + 1), shapeOnly);
        fields.add(field(part.substring(0, colon).strip(), type));
      }
    }
    return fields.isEmpty() ? Types.UnknownType.get() : Types.StructType.of(fields);
  }

  /** Splits at commas outside brackets. */
  private static List<String> parts(String written) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '<' || c == '(') {
        depth++;
      } else if (c == '>' || c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(written.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(written.substring(start));
    return parts;
  }
}
