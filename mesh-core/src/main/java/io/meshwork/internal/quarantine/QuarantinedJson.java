package io.meshwork.internal.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.table.QuarantineTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Converts the JSON of quarantined rows back to rows. The JSON of a row that broke a rule is
 * complete. That of a row that does not fit its columns can be a sample, which is not a row.
 */
public final class QuarantinedJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a sample has in place of a value, and as the name of members that it leaves out. */
  static final String CUT = "...";

  /** The most elements of a list or a map in a sample. */
  private static final int MAX_ELEMENTS = 100;

  private static final Pattern CLASS_NAME = Pattern.compile("<[\\w.$\\[;]+>");

  private QuarantinedJson() {}

  /**
   * A row with values as a map of a row has them; a value that does not fit its column is
   * unchanged. Empty if values are missing in the JSON.
   */
  public static Optional<Map<String, Object>> row(String text, String reason, Schema columns) {
    JsonNode json = parse(text);
    boolean malformed = reason.startsWith(QuarantineTable.MALFORMED);
    if (!json.isObject() || (malformed && isSampleRow(json))) {
      return Optional.empty();
    }
    return Optional.of(object(json, columns.asStruct()));
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  /** True if a value of a row may be a sample. A sample has all columns of its row. */
  private static boolean isSampleRow(JsonNode row) {
    for (JsonNode value : row) {
      if (isSample(value)) {
        return true;
      }
    }
    return isClass(row);
  }

  /** True if a value may have been cut or left out, or was replaced by its class. */
  private static boolean isSample(JsonNode json) {
    if (json.isTextual()) {
      return isSampleText(json.asText());
    }
    return json.isContainerNode() && (json.size() >= MAX_ELEMENTS || isSampleRow(json));
  }

  /** True if a string may have been cut or left out, or may name the class of a value. */
  static boolean isSampleText(String text) {
    return (text.length() > JsonRow.MAX_TEXT && text.endsWith(CUT))
        || text.equals(CUT)
        || CLASS_NAME.matcher(text).matches();
  }

  private static boolean isClass(JsonNode json) {
    return json.isObject() && json.size() == 1 && json.path("class").isTextual();
  }

  private static Map<String, Object> object(JsonNode json, Types.StructType columns) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      Types.@Nullable NestedField field = columns.field(member.getKey());
      Object value =
          field == null ? raw(member.getValue()) : value(member.getValue(), field.type());
      if (value != null) {
        row.put(member.getKey(), value);
      }
    }
    return row;
  }

  private static @Nullable Object value(JsonNode json, Type type) {
    if (json.isNull()) {
      return null;
    }
    if (type.isStructType() && json.isObject()) {
      return object(json, type.asStructType());
    }
    if (type.isListType() && json.isArray()) {
      return list(json, type.asListType().elementType());
    }
    if (type.isMapType() && json.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : json.properties()) {
        map.put(member.getKey(), value(member.getValue(), type.asMapType().valueType()));
      }
      return map;
    }
    if (type.typeId() == Type.TypeID.STRING) {
      return json.isTextual() ? json.asText() : raw(json);
    }
    Object value = type.isPrimitiveType() ? JsonValues.of(json, type) : null;
    return value == null ? raw(json) : value;
  }

  private static List<@Nullable Object> list(JsonNode json, @Nullable Type type) {
    List<@Nullable Object> list = new ArrayList<>();
    for (JsonNode element : json) {
      list.add(type == null ? raw(element) : value(element, type));
    }
    return list;
  }

  /** A value that fits no column, as close to its JSON as possible. */
  private static @Nullable Object raw(JsonNode json) {
    if (json.isNull()) {
      return null;
    } else if (json.isObject()) {
      return object(json, Types.StructType.of());
    } else if (json.isArray()) {
      return list(json, null);
    } else if (json.isBoolean()) {
      return json.booleanValue();
    } else if (json.isIntegralNumber() && json.canConvertToLong()) {
      return json.longValue();
    }
    return json.isNumber() ? (Object) json.doubleValue() : json.asText();
  }
}
