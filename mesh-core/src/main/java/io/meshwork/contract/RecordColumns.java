package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The columns that the components of a Java record stand for. */
final class RecordColumns {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private RecordColumns() {}

  static Schema schema(Class<?> recordType) {
    if (recordType == null
        || !recordType.isRecord()
        || !SYMBOL.matcher(recordType.getSimpleName()).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot make a contract of "
              + (recordType == null ? "null" : recordType.getName())
              + ": it is no Java record, or its name is no legal Avro name. Give a record class or an Avro schema.");
    }
    List<Finding> findings = new ArrayList<>();
    List<Schema.Field> fields = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (RecordComponent component : recordType.getRecordComponents()) {
      Column column = component.getAnnotation(Column.class);
      String name =
          column == null || column.value().isEmpty() ? component.getName() : column.value();
      Class<?> type = valueClass(component.getGenericType());
      String gap = names.contains(name) ? "another component has that column" : null;
      Schema schema = null;
      if (gap == null) {
        gap = type == BigDecimal.class ? decimalGap(column) : null;
      }
      if (gap == null && type != null && type.isEnum()) {
        gap = enumGap(type);
      }
      if (gap == null) {
        schema = schema(type, column);
      }
      if (schema == null) {
        findings.add(
            Finding.error(
                "COMPONENT_UNSUPPORTED",
                name,
                "Component "
                    + component.getName()
                    + " of type "
                    + component.getGenericType().getTypeName()
                    + ": "
                    + (gap == null ? "no column type stands for it" : gap)
                    + ".",
                "Use a primitive, a boxed one, String, BigDecimal with @Column(precision, scale),"
                    + " LocalDate, LocalTime, Instant, LocalDateTime, UUID, byte[], ByteBuffer, an"
                    + " enum, or Optional of one."));
        continue;
      }
      names.add(name);
      fields.add(field(name, schema, nullable(component)));
    }
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot make a contract of the record "
              + recordType.getName()
              + ": "
              + findings.get(0).what()
              + " Nothing was changed. "
              + findings.get(0).mend(),
          findings);
    }
    String namespace = recordType.getPackageName();
    return Schema.createRecord(recordType.getSimpleName(), null, namespace, false, fields);
  }

  private static Schema.Field field(String name, Schema schema, boolean nullable) {
    try {
      if (!nullable) {
        return new Schema.Field(name, schema, null);
      }
      Schema union = Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
      return new Schema.Field(name, union, null, JsonProperties.NULL_VALUE);
    } catch (org.apache.avro.AvroRuntimeException e) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot make a contract of a record: '"
              + io.meshwork.product.Names.shown(name)
              + "' is no legal name of a column. Use letters, digits and underscores.");
    }
  }

  private static boolean nullable(RecordComponent component) {
    Class<?> type = component.getType();
    return type == Optional.class
        || type == Boolean.class
        || (Number.class.isAssignableFrom(type) && type != BigDecimal.class);
  }

  /** The class of the value: of what the Optional holds, or of the component. */
  private static @Nullable Class<?> valueClass(Type type) {
    if (type instanceof Class<?> plain) {
      return plain == Optional.class ? null : plain;
    }
    if (type instanceof ParameterizedType generic
        && generic.getRawType() == Optional.class
        && generic.getActualTypeArguments()[0] instanceof Class<?> held) {
      return held;
    }
    return null;
  }

  private static @Nullable String decimalGap(@Nullable Column column) {
    if (column == null || column.precision() == 0) {
      return "a BigDecimal needs @Column(precision = ..., scale = ...)";
    }
    if (column.precision() < 1
        || column.precision() > 38
        || column.scale() < 0
        || column.scale() > column.precision()) {
      return "precision " + column.precision() + " and scale " + column.scale() + " are no decimal";
    }
    return null;
  }

  private static @Nullable String enumGap(Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      if (!SYMBOL.matcher(name).matches()) {
        return "its constant " + name + " is no legal Avro symbol";
      }
    }
    return SYMBOL.matcher(type.getSimpleName()).matches() ? null : "it has no legal Avro name";
  }

  private static @Nullable Schema schema(@Nullable Class<?> type, @Nullable Column column) {
    if (type == null) {
      return null;
    }
    if (type == boolean.class || type == Boolean.class) {
      return Schema.create(Schema.Type.BOOLEAN);
    }
    if (List.of(int.class, Integer.class, short.class, Short.class, byte.class, Byte.class)
        .contains(type)) {
      return Schema.create(Schema.Type.INT);
    }
    if (type == long.class || type == Long.class) {
      return Schema.create(Schema.Type.LONG);
    }
    if (type == float.class || type == Float.class) {
      return Schema.create(Schema.Type.FLOAT);
    }
    if (type == double.class || type == Double.class) {
      return Schema.create(Schema.Type.DOUBLE);
    }
    if (type == String.class || type == CharSequence.class) {
      return Schema.create(Schema.Type.STRING);
    }
    if (type == byte[].class || type == ByteBuffer.class) {
      return Schema.create(Schema.Type.BYTES);
    }
    if (type.isEnum()) {
      List<String> symbols =
          Arrays.stream(type.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList();
      return Schema.createEnum(type.getSimpleName(), null, type.getPackageName(), symbols);
    }
    if (type == BigDecimal.class && column != null) {
      return LogicalTypes.decimal(column.precision(), column.scale())
          .addToSchema(Schema.create(Schema.Type.BYTES));
    }
    return timeOrUuid(type);
  }

  private static @Nullable Schema timeOrUuid(Class<?> type) {
    if (type == LocalDate.class) {
      return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
    }
    if (type == UUID.class) {
      return LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
    }
    Schema ticks = Schema.create(Schema.Type.LONG);
    if (type == LocalTime.class) {
      return LogicalTypes.timeMicros().addToSchema(ticks);
    }
    if (type == Instant.class) {
      return LogicalTypes.timestampMicros().addToSchema(ticks);
    }
    return type == LocalDateTime.class
        ? LogicalTypes.localTimestampMicros().addToSchema(ticks)
        : null;
  }
}
