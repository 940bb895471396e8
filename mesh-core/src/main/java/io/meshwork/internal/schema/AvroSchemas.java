package io.meshwork.internal.schema;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.naming.NameGrammar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Converts Iceberg's types to canonical Avro and collects everything that Avro cannot represent.
 */
final class AvroSchemas {
  private final String recordName;
  private final boolean ofFile;
  private final MeshAction action;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> usedNames = new HashSet<>();

  /**
   * Creates it.
   *
   * @param ofFile true to give columns legal names in addition to their names in the file
   * @param action the action, for messages
   */
  AvroSchemas(String recordName, boolean ofFile, MeshAction action) {
    this.recordName = recordName;
    this.ofFile = ofFile;
    this.action = action;
  }

  Schema record(org.apache.iceberg.Schema schema) {
    if (!LegalNames.isLegal(recordName)) {
      findings.add(LegalNames.illegal("", recordName));
    }
    Schema record = struct("", recordName, schema.asStruct());
    if (!findings.isEmpty()) {
      throw Failure.of(action).because(findings).invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    }
    return record;
  }

  private Schema struct(String path, String name, Types.StructType struct) {
    String own = named(name);
    List<Schema.Field> fields = new ArrayList<>();
    Set<String> columns = new HashSet<>();
    for (Types.NestedField field : struct.fields()) {
      String where = path.isEmpty() ? field.name() : path + "." + field.name();
      String column = ofFile ? PhysicalName.legal(field.name()) : field.name();
      if (!LegalNames.isLegal(column)) {
        findings.add(LegalNames.illegal(where, column));
        continue;
      }
      if (!columns.add(column)) {
        findings.add(repeated(where, column));
        continue;
      }
      Schema type = type(where, name + "_" + column, field.type());
      Schema.Field declared =
          field.isOptional()
              ? new Schema.Field(column, nullable(type), field.doc(), JsonProperties.NULL_VALUE)
              : new Schema.Field(column, type, field.doc());
      PhysicalName.declare(declared, field.name());
      fields.add(declared);
    }
    return Schema.createRecord(own, null, null, false, fields);
  }

  private static Finding repeated(String where, String column) {
    return Finding.error(
        FindingCode.NAME_DUPLICATE,
        NameGrammar.quoted(where),
        "Another column has the name '"
            + column
            + "' too, which '"
            + NameGrammar.quoted(where)
            + "' would have without spaces and punctuation.",
        "Rename one of them in the file.");
  }

  /**
   * Returns a unique name for a type, derived from its path; the paths a.b_c and a_b.c yield the
   * same.
   */
  private String named(String proposed) {
    String legal = LegalNames.isLegal(proposed) ? proposed : "columns";
    String name = legal;
    for (int number = 2; !usedNames.add(name); number++) {
      name = legal + "_" + number;
    }
    return name;
  }

  private Schema type(String path, String name, Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case INTEGER -> Schema.create(Schema.Type.INT);
      case LONG -> Schema.create(Schema.Type.LONG);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case STRING -> Schema.create(Schema.Type.STRING);
      case BINARY -> Schema.create(Schema.Type.BYTES);
      case FIXED -> Schema.createFixed(named(name), null, null, ((Types.FixedType) type).length());
      case UUID -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield LogicalTypes.decimal(decimal.precision(), decimal.scale())
            .addToSchema(Schema.create(Schema.Type.BYTES));
      }
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case TIMESTAMP ->
          (((Types.TimestampType) type).shouldAdjustToUTC()
                  ? LogicalTypes.timestampMicros()
                  : LogicalTypes.localTimestampMicros())
              .addToSchema(Schema.create(Schema.Type.LONG));
      case TIMESTAMP_NANO ->
          (((Types.TimestampNanoType) type).shouldAdjustToUTC()
                  ? LogicalTypes.timestampNanos()
                  : LogicalTypes.localTimestampNanos())
              .addToSchema(Schema.create(Schema.Type.LONG));
      case STRUCT -> struct(path, name, type.asStructType());
      case LIST -> {
        Types.ListType list = type.asListType();
        Schema element = type(path + "[]", name + "_element", list.elementType());
        yield Schema.createArray(list.isElementOptional() ? nullable(element) : element);
      }
      case MAP -> {
        Types.MapType map = type.asMapType();
        if (map.keyType().typeId() != Type.TypeID.STRING) {
          unsupported(
              FindingCode.TYPE_MAP_KEY, path, "has keys of type " + map.keyType(), "string keys");
        }
        Schema value = type(path + "{}", name + "_value", map.valueType());
        yield Schema.createMap(map.isValueOptional() ? nullable(value) : value);
      }
      default -> {
        unsupported(FindingCode.TYPE_UNSUPPORTED, path, "has the type " + type, "another type");
        yield Schema.create(Schema.Type.BYTES);
      }
    };
  }

  private void unsupported(FindingCode code, String path, String why, String instead) {
    findings.add(
        Finding.error(
            code,
            path,
            "Column "
                + NameGrammar.quoted(path)
                + " "
                + why
                + ", which a contract does not support.",
            "Use " + instead + "."));
  }

  private static Schema nullable(Schema type) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }
}
