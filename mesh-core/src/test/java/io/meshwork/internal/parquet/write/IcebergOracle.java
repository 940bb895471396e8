package io.meshwork.internal.parquet.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Rows that Iceberg's own reader of Parquet reads, in the form of {@link ParquetOracle}. */
final class IcebergOracle {
  private static final LocalDateTime EPOCH = LocalDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);

  private IcebergOracle() {}

  static List<List<Object>> rows(Path file, Schema schema) throws IOException {
    return rows(file, schema, Expressions.alwaysTrue());
  }

  /** Returns the rows of the row groups that may have rows which match a filter. */
  static List<List<Object>> rows(Path file, Schema schema, Expression filter) throws IOException {
    List<List<Object>> rows = new ArrayList<>();
    try (CloseableIterable<Record> records =
        Parquet.read(Files.localInput(file.toFile()))
            .project(schema)
            .filter(filter)
            .createReaderFunc(message -> GenericParquetReaders.buildReader(schema, message))
            .build()) {
      for (Record row : records) {
        rows.add(fields(row, schema.asStruct()));
      }
    }
    return rows;
  }

  /** Returns the filter of the rows with a value; null if Iceberg has none for it, as for NaN. */
  static Expression equal(String column, Type type, Object value) {
    Object literal =
        switch (type.typeId()) {
          case FLOAT -> Float.intBitsToFloat((Integer) value);
          case DOUBLE -> Double.longBitsToDouble((Long) value);
          case STRING -> StandardCharsets.UTF_8.decode(((ByteBuffer) value).duplicate()).toString();
          case UUID -> new UUID(((ByteBuffer) value).getLong(0), ((ByteBuffer) value).getLong(8));
          case TIMESTAMP_NANO, STRUCT, LIST, MAP, UNKNOWN -> null;
          default -> value;
        };
    return literal == null || literal.equals(Float.NaN) || literal.equals(Double.NaN)
        ? null
        : Expressions.equal(column, literal);
  }

  private static List<Object> fields(Record row, Types.StructType type) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < type.fields().size(); i++) {
      values.add(value(row.get(i), type.fields().get(i).type()));
    }
    return values;
  }

  private static Object value(Object value, Type type) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case STRUCT -> fields((Record) value, type.asStructType());
      case LIST -> {
        List<Object> elements = new ArrayList<>();
        ((List<?>) value)
            .forEach(each -> elements.add(value(each, type.asListType().elementType())));
        yield elements;
      }
      case MAP -> {
        List<Object> entries = new ArrayList<>();
        ((Map<?, ?>) value)
            .forEach(
                (key, each) -> {
                  List<Object> entry = new ArrayList<>();
                  entry.add(value(key, type.asMapType().keyType()));
                  entry.add(value(each, type.asMapType().valueType()));
                  entries.add(entry);
                });
        yield entries;
      }
      case FLOAT -> Float.floatToRawIntBits((Float) value);
      case DOUBLE -> Double.doubleToRawLongBits((Double) value);
      case DATE -> (int) ((LocalDate) value).toEpochDay();
      case TIME -> ((LocalTime) value).toNanoOfDay() / 1_000;
      case TIMESTAMP -> ChronoUnit.MICROS.between(EPOCH, local(value));
      case TIMESTAMP_NANO -> ChronoUnit.NANOS.between(EPOCH, local(value));
      case STRING -> ByteBuffer.wrap(((String) value).getBytes(StandardCharsets.UTF_8));
      case FIXED -> ByteBuffer.wrap((byte[]) value);
      case UUID -> {
        UUID uuid = (UUID) value;
        yield ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .flip();
      }
      default -> value;
    };
  }

  private static LocalDateTime local(Object timestamp) {
    return timestamp instanceof OffsetDateTime zoned
        ? zoned.toLocalDateTime()
        : (LocalDateTime) timestamp;
  }
}
