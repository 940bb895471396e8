package io.meshwork.internal.schema;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Converts Avro records to Iceberg schemas and back. Stateless. */
public final class IcebergSchemas {
  private int nextId;

  private IcebergSchemas(int nextId) {
    this.nextId = nextId;
  }

  /** Assigns IDs after the last ID of a table. */
  static IcebergSchemas after(int lastColumnId) {
    return new IcebergSchemas(lastColumnId + 1);
  }

  /** Returns the last assigned ID. */
  int lastId() {
    return nextId - 1;
  }

  /**
   * Returns the table schema of a contract. IDs start at 1 and are assigned depth first: a column,
   * its parts, the next column. Documentation is copied.
   *
   * @param record a legal schema, such as of each {@link io.meshwork.contract.Contract}
   */
  public static Schema fromAvro(org.apache.avro.Schema record) {
    return new Schema(after(0).fields(record));
  }

  /** Returns whether a schema has all of these columns; names are paths. */
  public static boolean hasAll(Schema schema, List<String> columns) {
    return columns.stream().allMatch(column -> schema.findField(column) != null);
  }

  /**
   * Returns the canonical contract schema of a table or file: optional fields as {@code ["null",
   * T]} with default null, uuid on string, decimal on bytes.
   *
   * @param recordName the record's name; must be a legal Avro name
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every column that has no legal name or
   *     type
   */
  public static org.apache.avro.Schema toAvro(Schema schema, String recordName) {
    return new AvroSchemas(
            recordName, false, MeshAction.of(Verb.CREATE, "a contract from the columns"))
        .record(schema);
  }

  /**
   * Returns the contract schema of a file as {@link #toAvro} does, in which a column without a
   * legal name gets one, and retains its name in the file.
   *
   * @param action the action on the file, for messages
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every column that has no legal type, or
   *     with the first that has no name
   */
  public static org.apache.avro.Schema ofFile(Schema file, String recordName, MeshAction action) {
    requireNames(file, action);
    return new AvroSchemas(recordName, true, action).record(file);
  }

  /**
   * Requires that each column of a file, and each field in one, has a name.
   *
   * @param action the action on the file, for messages
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with the first that has none
   */
  public static void requireNames(Schema file, MeshAction action) {
    nameless("", file.asStruct())
        .ifPresent(
            reason -> {
              throw Failure.of(action)
                  .because(reason)
                  .fix(PhysicalName.NAME_IT)
                  .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
            });
  }

  private static Optional<String> nameless(String path, Type type) {
    if (type.isListType()) {
      return nameless(path + "[]", type.asListType().elementType());
    } else if (type.isMapType()) {
      return nameless(path + "{}", type.asMapType().valueType());
    }
    List<Types.NestedField> fields = type.isStructType() ? type.asStructType().fields() : List.of();
    Optional<String> conflict = Optional.empty();
    for (int i = 0; i < fields.size() && conflict.isEmpty(); i++) {
      Types.NestedField field = fields.get(i);
      conflict =
          field.name().isBlank()
              ? Optional.of(PhysicalName.nameless(path, i + 1))
              : nameless(path.isEmpty() ? field.name() : path + "." + field.name(), field.type());
    }
    return conflict;
  }

  private List<Types.NestedField> fields(org.apache.avro.Schema record) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (org.apache.avro.Schema.Field field : record.getFields()) {
      fields.add(field(field));
    }
    return fields;
  }

  /** Returns a field with the next IDs. */
  Types.NestedField field(org.apache.avro.Schema.Field field) {
    int id = nextId++;
    Type type = type(value(field.schema()));
    return field.schema().isNullable()
        ? Types.NestedField.optional(id, field.name(), type, field.doc())
        : Types.NestedField.required(id, field.name(), type, field.doc());
  }

  /** Returns a type without null, with the next IDs for its parts. */
  Type type(org.apache.avro.Schema avro) {
    LogicalType logical = avro.getLogicalType();
    if (logical != null) {
      return logical(logical);
    }
    return switch (avro.getType()) {
      case BOOLEAN -> Types.BooleanType.get();
      case INT -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case FLOAT -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case STRING, ENUM -> Types.StringType.get();
      case BYTES -> Types.BinaryType.get();
      case FIXED -> Types.FixedType.ofLength(avro.getFixedSize());
      case RECORD -> Types.StructType.of(fields(avro));
      case ARRAY -> list(avro.getElementType());
      case MAP -> map(avro.getValueType());
      case UNION, NULL ->
          throw new IllegalStateException("the validation does not accept " + avro.getType());
    };
  }

  private Type list(org.apache.avro.Schema element) {
    int id = nextId++;
    Type type = type(value(element));
    return element.isNullable()
        ? Types.ListType.ofOptional(id, type)
        : Types.ListType.ofRequired(id, type);
  }

  private Type map(org.apache.avro.Schema value) {
    int key = nextId++;
    int id = nextId++;
    Type type = type(value(value));
    return value.isNullable()
        ? Types.MapType.ofOptional(key, id, Types.StringType.get(), type)
        : Types.MapType.ofRequired(key, id, Types.StringType.get(), type);
  }

  private static Type logical(LogicalType logical) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return Types.DecimalType.of(decimal.getPrecision(), decimal.getScale());
    }
    return switch (logical.getName()) {
      case "date" -> Types.DateType.get();
      case "time-millis", "time-micros" -> Types.TimeType.get();
      case "timestamp-millis", "timestamp-micros" -> Types.TimestampType.withZone();
      case "local-timestamp-millis", "local-timestamp-micros" -> Types.TimestampType.withoutZone();
      case "timestamp-nanos" -> Types.TimestampNanoType.withZone();
      case "local-timestamp-nanos" -> Types.TimestampNanoType.withoutZone();
      case "uuid" -> Types.UUIDType.get();
      default ->
          throw new IllegalStateException(
              "the validation does not accept the logical type " + logical.getName());
    };
  }

  /** Returns the non-null type of a nullable union; the schema itself if it is not a union. */
  static org.apache.avro.Schema value(org.apache.avro.Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    }
    org.apache.avro.Schema first = schema.getTypes().get(0);
    return first.getType() == org.apache.avro.Schema.Type.NULL ? schema.getTypes().get(1) : first;
  }
}
