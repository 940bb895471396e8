package io.meshwork.internal.quarantine;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.rows.JsonRow;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Base64;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Parses values of the JSON that {@link JsonRow} writes, as a map of a row has them. */
final class JsonValues {
  private JsonValues() {}

  /**
   * Returns the value of a column of a primitive type; null if there is none, or if the text is not
   * valid for the type. A truncated text is not valid.
   */
  static @Nullable Object of(JsonNode node, Type type) {
    if (!node.isValueNode() || node.isNull()) {
      return null;
    }
    String text = node.asText();
    try {
      return switch (type.typeId()) {
        case BOOLEAN -> node.isBoolean() ? node.booleanValue() : null;
        case INTEGER -> node.canConvertToInt() && isWhole(node) ? node.intValue() : null;
        case LONG -> node.canConvertToLong() && isWhole(node) ? node.longValue() : null;
        case FLOAT -> isFloating(node) ? Float.valueOf(text) : null;
        case DOUBLE -> isFloating(node) ? Double.valueOf(text) : null;
        case DECIMAL -> new BigDecimal(text);
        case DATE -> LocalDate.parse(text);
        case TIME -> LocalTime.parse(text);
        case TIMESTAMP ->
            ((Types.TimestampType) type).shouldAdjustToUTC()
                ? Instant.parse(text)
                : LocalDateTime.parse(text);
        case TIMESTAMP_NANO ->
            ((Types.TimestampNanoType) type).shouldAdjustToUTC()
                ? Instant.parse(text)
                : LocalDateTime.parse(text);
        case STRING -> isCut(text) ? null : text;
        case UUID -> UUID.fromString(text);
        case FIXED, BINARY -> ByteBuffer.wrap(Base64.getDecoder().decode(text));
        default -> null;
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private static boolean isWhole(JsonNode node) {
    return node.isIntegralNumber();
  }

  private static boolean isFloating(JsonNode node) {
    return node.isNumber()
        || node.asText().equals("NaN")
        || node.asText().equals("Infinity")
        || node.asText().equals("-Infinity");
  }

  private static boolean isCut(String text) {
    return text.length() > JsonRow.MAX_TEXT && text.endsWith("...");
  }
}
