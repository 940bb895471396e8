package io.meshwork.cli.internal.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of rows as JSON and as text. */
public final class RowValues {
  private static final JsonNodeFactory NODES = new JsonNodeFactory(true);

  private RowValues() {}

  public static ObjectNode json(List<String> columns, Map<String, Object> row) {
    ObjectNode node = NODES.objectNode();
    for (String column : columns) {
      node.set(column, json(row.get(column)));
    }
    return node;
  }

  /** Returns bytes as Base64, and times as ISO 8601. */
  public static JsonNode json(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    } else if (value instanceof Integer number) {
      return NODES.numberNode(number);
    } else if (value instanceof Long number) {
      return NODES.numberNode(number);
    } else if (value instanceof BigDecimal number) {
      return NODES.numberNode(number);
    } else if ((value instanceof Double || value instanceof Float)
        && Double.isFinite(((Number) value).doubleValue())) {
      return value instanceof Float number
          ? NODES.numberNode(number)
          : NODES.numberNode((Double) value);
    } else if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    } else if (value instanceof byte[] bytes) {
      return NODES.textNode(Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return json(bytes);
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode node = NODES.objectNode();
      map.forEach((key, element) -> node.set(String.valueOf(key), json(element)));
      return node;
    } else if (value instanceof Iterable<?> list) {
      ArrayNode node = NODES.arrayNode();
      list.forEach(element -> node.add(json(element)));
      return node;
    }
    return NODES.textNode(value instanceof Temporal time ? text(time) : value.toString());
  }

  /** Returns a time with its seconds, also if they are 0, so that all have one form. */
  private static String text(Temporal time) {
    if (time instanceof LocalDateTime local) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
    }
    return time instanceof LocalTime local
        ? DateTimeFormatter.ISO_LOCAL_TIME.format(local)
        : time.toString();
  }

  /** Returns a value as one cell; null if it is null. */
  public static @Nullable String text(@Nullable Object value) {
    if (value == null) {
      return null;
    } else if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    JsonNode node = json(value);
    return node.isContainerNode() ? node.toString() : node.asText();
  }
}
