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

/** The partition of a file in words of the JDK. */
final class PartitionValues {
  private PartitionValues() {}

  /**
   * From the name of each part, such as {@code shop} or {@code created_month}, to its value: a
   * column's value as {@code asMaps()} gives it, a bucket's number, and of years, months, days and
   * hours their text, such as {@code 2026-11}. A part that is null is null.
   */
  static Map<String, Object> of(DataFile file, PartitionSpec spec) {
    Map<String, Object> values = new LinkedHashMap<>();
    Types.StructType type = spec.partitionType();
    for (int i = 0; i < spec.fields().size(); i++) {
      PartitionField field = spec.fields().get(i);
      Type of = type.fields().get(i).type();
      Object value = file.partition().get(i, Object.class);
      put(values, field.name(), value == null ? null : jdkValue(field, of, value));
    }
    return Collections.unmodifiableMap(values);
  }

  @SuppressWarnings("NullAway") // a null value is what a null partition is
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
          moment(
              Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS),
              ((Types.TimestampType) type).shouldAdjustToUTC());
      case TIMESTAMP_NANO ->
          moment(
              Instant.EPOCH.plusNanos((Long) value),
              ((Types.TimestampNanoType) type).shouldAdjustToUTC());
      case BINARY, FIXED -> bytes(value);
      default -> value;
    };
  }

  private static Object moment(Instant instant, boolean isInstant) {
    return isInstant ? instant : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Object bytes(Object value) {
    ByteBuffer bytes = value instanceof byte[] array ? ByteBuffer.wrap(array) : (ByteBuffer) value;
    return bytes.asReadOnlyBuffer();
  }
}
