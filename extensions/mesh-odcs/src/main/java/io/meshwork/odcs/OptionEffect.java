package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What an option that no rule expresses does: the column's type ensures it, or nothing does. */
final class OptionEffect {
  private static final String NO_RULE = "no rule expresses it";
  private static final Set<String> FORMATS_OF_TEXTS = Set.of("password", "");

  private final @Nullable Schema type;

  OptionEffect(@Nullable Schema type) {
    this.type = type;
  }

  void report(String option, JsonNode value, ImportFindings findings, String path) {
    String at = path + "." + option;
    Optional<Boolean> ensured = ensured(option, value);
    if (ensured.isEmpty()) {
      findings.preserved(at, "");
    } else if (ensured.get()) {
      findings.mapped(path);
    } else {
      findings.unmet(at, NO_RULE);
    }
  }

  /** Whether the type ensures an option; empty if the option demands nothing of values. */
  private Optional<Boolean> ensured(String option, JsonNode value) {
    return switch (option) {
      case "format" -> format(value.asText());
      case "multipleOf" -> Optional.of(isWhole() && isOne(value));
      case "uniqueItems" -> value.asBoolean() ? Optional.of(false) : Optional.empty();
      case "required" -> Optional.of(hasRequired(value));
      case "minProperties" -> Optional.of(value.asLong() <= requiredFields());
      case "maxProperties" -> Optional.of(isRecord() && value.asLong() >= fields());
      case "elementType" -> Optional.of(true);
      case "normalized" -> value.asBoolean() ? Optional.of(false) : Optional.empty();
      case "timezone" -> timezone(value.asBoolean());
      default -> Optional.empty();
    };
  }

  private Optional<Boolean> format(String format) {
    String kind = logicalName();
    if (kind.equals("date") || kind.startsWith("time") || kind.startsWith("local-timestamp")) {
      return Optional.empty();
    }
    if (type == null) {
      return Optional.of(false);
    }
    boolean plain = kind.isEmpty();
    Schema.Type base = type.getType();
    return switch (format) {
      case "i32" -> Optional.of(plain && base == Schema.Type.INT);
      case "i64" -> Optional.of(plain && isWhole());
      case "i128" -> Optional.of(isWhole());
      case "f32" -> Optional.of(plain && base == Schema.Type.FLOAT);
      case "f64" -> Optional.of(plain && (base == Schema.Type.FLOAT || base == Schema.Type.DOUBLE));
      case "uuid" -> Optional.of(kind.equals("uuid"));
      case "binary", "byte" ->
          Optional.of(plain && (base == Schema.Type.BYTES || base == Schema.Type.FIXED));
      default -> FORMATS_OF_TEXTS.contains(format) ? Optional.empty() : Optional.of(false);
    };
  }

  private Optional<Boolean> timezone(boolean zoned) {
    String kind = logicalName();
    if (kind.startsWith("timestamp-") || kind.startsWith("local-timestamp-")) {
      return Optional.of(kind.startsWith("timestamp-") == zoned);
    }
    return Optional.empty();
  }

  private String logicalName() {
    LogicalType logical = type == null ? null : type.getLogicalType();
    return logical == null ? "" : logical.getName();
  }

  private boolean isWhole() {
    if (type == null) {
      return false;
    }
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return decimal.getScale() == 0;
    }
    return type.getLogicalType() == null
        && (type.getType() == Schema.Type.INT || type.getType() == Schema.Type.LONG);
  }

  private static boolean isOne(JsonNode value) {
    return value.isNumber() && value.decimalValue().compareTo(BigDecimal.ONE) == 0;
  }

  private boolean isRecord() {
    return type != null && type.getType() == Schema.Type.RECORD;
  }

  private boolean hasRequired(JsonNode names) {
    if (type == null || type.getType() != Schema.Type.RECORD) {
      return false;
    }
    for (JsonNode name : names) {
      Schema.Field field = type.getField(name.asText());
      if (field == null || field.schema().isNullable()) {
        return false;
      }
    }
    return true;
  }

  private long fields() {
    return type == null ? 0 : type.getFields().size();
  }

  private long requiredFields() {
    return type == null || type.getType() != Schema.Type.RECORD
        ? 0
        : type.getFields().stream().filter(field -> !field.schema().isNullable()).count();
  }
}
