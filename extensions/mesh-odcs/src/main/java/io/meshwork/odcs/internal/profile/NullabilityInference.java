package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.schema.PhysicalName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The schema of a file with types: optional columns without nulls become required. */
public final class NullabilityInference {
  private final TypeNames names;

  public NullabilityInference(TypeNames names) {
    this.names = names;
  }

  public Schema record(String name, Schema declared, @Nullable RecordProfile profile) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : declared.getFields()) {
      String inFile = PhysicalName.of(field);
      ValueProfile values = profile == null ? null : profile.fields().get(inFile);
      boolean nullable =
          field.schema().isNullable()
              && (profile == null
                  || values == null
                  || values.values() == 0
                  || profile.nullsOf(values) > 0);
      Schema type = type(value(field.schema()), values, field.name());
      Schema.Field inferred = SchemaInference.field(field.name(), type, nullable);
      PhysicalName.declare(inferred, inFile);
      fields.add(inferred);
    }
    return Schema.createRecord(name, null, null, false, fields);
  }

  private Schema type(Schema declared, @Nullable ValueProfile values, String field) {
    return switch (declared.getType()) {
      case RECORD ->
          record(names.ofField(field), declared, values == null ? null : values.record());
      case ARRAY ->
          Schema.createArray(
              nested(declared.getElementType(), values == null ? null : values.elements(), field));
      case MAP -> {
        RecordProfile record = values == null ? null : values.record();
        yield Schema.createMap(
            nested(declared.getValueType(), record == null ? null : record.mapped(), field));
      }
      case FIXED -> {
        Schema fixed =
            Schema.createFixed(names.ofField(field), null, null, declared.getFixedSize());
        yield declared.getLogicalType() == null ? fixed : declared;
      }
      default -> declared;
    };
  }

  private Schema nested(Schema declared, @Nullable ValueProfile values, String field) {
    boolean nullable =
        declared.isNullable() && (values == null || values.values() == 0 || values.nulls() > 0);
    Schema type = type(value(declared), values, field);
    return nullable ? SchemaInference.nullable(type) : type;
  }

  /** Returns the type of a nullable schema without null. */
  public static Schema value(Schema schema) {
    return schema.isUnion()
        ? Objects.requireNonNull(
            schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(null))
        : schema;
  }
}
