package io.meshwork.internal.consume;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The partition of a file as JDK values. */
final class PartitionValues {
  private PartitionValues() {}

  /**
   * Returns a map from partition field, such as {@code shop} or {@code created_month}, to value: an
   * identity field has the value that {@code asMaps()} gives, a bucket its number, a year, month,
   * day or hour its text, such as {@code 2026-11}. A null partition value is null.
   */
  static Map<String, Object> of(DataFile file, PartitionSpec spec) {
    Map<String, Object> values = new LinkedHashMap<>();
    Types.StructType type = spec.partitionType();
    for (int i = 0; i < spec.fields().size(); i++) {
      PartitionField field = spec.fields().get(i);
      Type fieldType = type.fields().get(i).type();
      Object value = file.partition().get(i, Object.class);
      put(values, field.name(), value == null ? null : jdkValue(field, fieldType, value));
    }
    return Collections.unmodifiableMap(values);
  }

  @SuppressWarnings("NullAway") // a null partition has a null value
  private static void put(Map<String, Object> values, String name, @Nullable Object value) {
    values.put(name, value);
  }

  @SuppressWarnings("unchecked") // a field's transform takes what the field's partitions hold
  private static Object jdkValue(PartitionField field, Type type, Object value) {
    return switch (field.transform().toString()) {
      case "year", "month", "day", "hour" ->
          ((org.apache.iceberg.transforms.Transform<?, Object>) field.transform())
              .toHumanString(type, value);
      default -> value(type, value);
    };
  }

  private static Object value(Type type, Object value) {
    return switch (type.typeId()) {
      case STRING -> value.toString();
      case DATE -> LocalDate.ofEpochDay((Integer) value);
      case TIME -> LocalTime.ofNanoOfDay((Long) value * 1_000);
      case TIMESTAMP ->
          timestamp(
              Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS),
              ((Types.TimestampType) type).shouldAdjustToUTC());
      case TIMESTAMP_NANO ->
          timestamp(
              Instant.EPOCH.plusNanos((Long) value),
              ((Types.TimestampNanoType) type).shouldAdjustToUTC());
      case BINARY, FIXED -> bytes(value);
      default -> value;
    };
  }

  private static Object timestamp(Instant instant, boolean isInstant) {
    return isInstant ? instant : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Object bytes(Object value) {
    ByteBuffer bytes = value instanceof byte[] array ? ByteBuffer.wrap(array) : (ByteBuffer) value;
    return bytes.asReadOnlyBuffer();
  }
}
