package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.schema.JsonText;
import io.meshwork.internal.schema.PhysicalName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Infers the schema of rows whose file has no schema. */
public final class SchemaInference {
  /** Leaves space for larger amounts: widening a decimal requires a new major version. */
  private static final int DEFAULT_PRECISION = 18;

  private static final int MAX_DIGITS = 38;
  private static final Set<ValueKind> EXACT =
      EnumSet.of(ValueKind.WHOLE, ValueKind.BIG_WHOLE, ValueKind.DECIMAL);
  static final Set<ValueKind> NUMBERS =
      EnumSet.of(
          ValueKind.WHOLE,
          ValueKind.BIG_WHOLE,
          ValueKind.LONG_WHOLE,
          ValueKind.DECIMAL,
          ValueKind.FLOATING);

  private final TypeNames names;
  private final String source;

  public SchemaInference(TypeNames names, String source) {
    this.names = names;
    this.source = source;
  }

  /** Returns the record schema, with the fields in the order of the profile. */
  public Schema record(String name, RecordProfile profile, String path) {
    List<Schema.Field> fields = new ArrayList<>();
    ColumnNames names = new ColumnNames(source, path, profile.fields().keySet());
    for (Map.Entry<String, ValueProfile> entry : profile.fields().entrySet()) {
      String field = names.of(entry.getKey());
      ValueProfile values = entry.getValue();
      Schema type = type(values, field, path + field);
      Schema.Field column = field(field, type, profile.nullsOf(values) > 0 || values.values() == 0);
      PhysicalName.declare(column, entry.getKey());
      fields.add(column);
    }
    return Schema.createRecord(name, null, null, false, fields);
  }

  public static Schema.Field field(String name, Schema type, boolean nullable) {
    return nullable
        ? new Schema.Field(name, nullable(type), null, JsonProperties.NULL_VALUE)
        : new Schema.Field(name, type, null);
  }

  public static Schema nullable(Schema type) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }

  private Schema type(ValueProfile values, String field, String path) {
    Set<ValueKind> kinds = values.kinds();
    if (kinds.equals(EnumSet.of(ValueKind.RECORD)) && values.record() != null) {
      return nested(values.record(), field, path);
    }
    if (kinds.equals(EnumSet.of(ValueKind.LIST)) && values.elements() != null) {
      ValueProfile elements = values.elements();
      Schema type = type(elements, field, path + "[]");
      return Schema.createArray(elements.nulls() > 0 ? nullable(type) : type);
    }
    Schema number = number(values, kinds);
    if (number != null) {
      return number;
    }
    Schema single = single(kinds);
    return single.getType() == Schema.Type.STRING && values.hasJson() ? JsonText.schema() : single;
  }

  /** An object with too many names, or without names, is a map. */
  private Schema nested(RecordProfile record, String field, String path) {
    ValueProfile mapped = record.mapped();
    if (mapped != null) {
      return Schema.createMap(nullable(type(mapped, field, path + "{}")));
    }
    return record.fields().isEmpty()
        ? Schema.createMap(Schema.create(Schema.Type.STRING))
        : record(names.ofField(field), record, path + ".");
  }

  private static @Nullable Schema number(ValueProfile values, Set<ValueKind> kinds) {
    if (kinds.isEmpty() || !values.excessDigits().isEmpty() || !NUMBERS.containsAll(kinds)) {
      return null;
    }
    int scale = values.scale();
    int digits = values.wholeDigits() + scale;
    if (!EXACT.containsAll(kinds) || digits > MAX_DIGITS) {
      return Schema.create(Schema.Type.DOUBLE);
    }
    if (kinds.equals(EnumSet.of(ValueKind.WHOLE))) {
      return Schema.create(Schema.Type.LONG);
    }
    int precision = digits <= DEFAULT_PRECISION ? DEFAULT_PRECISION : MAX_DIGITS;
    return LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
  }

  private static Schema single(Set<ValueKind> kinds) {
    if (kinds.size() != 1) {
      return Schema.create(Schema.Type.STRING);
    }
    Schema count = Schema.create(Schema.Type.LONG);
    return switch (kinds.iterator().next()) {
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIME -> LogicalTypes.timeMicros().addToSchema(count);
      case LOCAL_TIMESTAMP -> LogicalTypes.localTimestampMicros().addToSchema(count);
      case INSTANT -> LogicalTypes.timestampMicros().addToSchema(count);
      case UUID -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      default -> Schema.create(Schema.Type.STRING);
    };
  }
}
