package io.meshwork.aws.internal.mirror.glue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table as Glue describes them. Engines read the columns of an Iceberg table from
 * its metadata; these are for people, for searches, and for Lake Formation, which compares names
 * without case. Stateless.
 */
public final class GlueColumns {
  private static final int MAX_COMMENT = 255;

  /** Names and values that Iceberg's own catalog of Glue writes, too. */
  private static final String FIELD_ID = "iceberg.field.id";

  private static final String OPTIONAL = "iceberg.field.optional";
  private static final String CURRENT = "iceberg.field.current";

  private GlueColumns() {}

  /** Returns the name of a column that equals another one but for case; empty if there is none. */
  static Optional<String> sameButForCase(Schema schema) {
    Set<String> names = new HashSet<>();
    return schema.columns().stream()
        .map(Types.NestedField::name)
        .filter(name -> !names.add(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** Returns the columns in order; names are in lower case, as Hive's are. */
  static ArrayNode of(Schema schema, Contract contract) {
    ArrayNode columns = JsonNodeFactory.instance.arrayNode();
    for (Types.NestedField field : schema.columns()) {
      ObjectNode column = columns.addObject();
      column.put("Name", field.name().toLowerCase(Locale.ROOT));
      column.put("Type", type(field.type()));
      String comment =
          comment(contract.columnDescriptions().getOrDefault(field.name(), field.doc()));
      if (!comment.isEmpty()) {
        column.put("Comment", comment);
      }
      Map<String, String> parameters = new TreeMap<>();
      parameters.put(FIELD_ID, Integer.toString(field.fieldId()));
      parameters.put(OPTIONAL, Boolean.toString(field.isOptional()));
      parameters.put(CURRENT, "true");
      parameters.put(GlueImages.CLASSIFICATION, contract.classificationOf(field.name()).name());
      ObjectNode json = column.putObject("Parameters");
      parameters.forEach(json::put);
    }
    return columns;
  }

  /** Returns one line, within the limit of Glue. */
  private static String comment(@Nullable String doc) {
    return doc == null ? "" : shortened(doc.replaceAll("\\s+", " ").strip(), MAX_COMMENT);
  }

  /** Shortens a string between characters. */
  public static String shortened(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
    return text.substring(0, end) + "…";
  }

  /** Returns a type in the language of Hive, as Iceberg's own catalog of Glue writes it. */
  static String type(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "int";
      case LONG -> "bigint";
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case DATE -> "date";
      case TIMESTAMP, TIMESTAMP_NANO -> "timestamp";
      case FIXED, BINARY -> "binary";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
      }
      case STRUCT ->
          type.asStructType().fields().stream()
              .map(field -> field.name() + ":" + type(field.type()))
              .collect(Collectors.joining(",", "struct<", ">"));
      case LIST -> "array<" + type(type.asListType().elementType()) + ">";
      case MAP ->
          "map<"
              + type(type.asMapType().keyType())
              + ","
              + type(type.asMapType().valueType())
              + ">";
      default -> "string";
    };
  }
}
