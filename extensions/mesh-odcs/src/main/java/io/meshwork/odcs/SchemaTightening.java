package io.meshwork.odcs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The columns of a file that says its types: required where it calls them optional for nothing. */
final class SchemaTightening {
  private final TypeNames names;

  SchemaTightening(TypeNames names) {
    this.names = names;
  }

  Schema record(String name, Schema said, @Nullable RecordProfile profile) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : said.getFields()) {
      ValueProfile values = profile == null ? null : profile.fields().get(field.name());
      boolean nullable =
          field.schema().isNullable()
              && (profile == null
                  || values == null
                  || values.values() == 0
                  || profile.nullsOf(values) > 0);
      Schema type = type(value(field.schema()), values, field.name());
      fields.add(SchemaGuess.field(field.name(), type, nullable));
    }
    return Schema.createRecord(name, null, null, false, fields);
  }

  private Schema type(Schema said, @Nullable ValueProfile values, String field) {
    return switch (said.getType()) {
      case RECORD -> record(names.ofField(field), said, values == null ? null : values.record());
      case ARRAY ->
          Schema.createArray(
              inside(said.getElementType(), values == null ? null : values.elements(), field));
      case MAP -> {
        RecordProfile record = values == null ? null : values.record();
        yield Schema.createMap(
            inside(said.getValueType(), record == null ? null : record.mapped(), field));
      }
      case FIXED -> {
        Schema fixed = Schema.createFixed(names.ofField(field), null, null, said.getFixedSize());
        yield said.getLogicalType() == null ? fixed : said;
      }
      default -> said;
    };
  }

  private Schema inside(Schema said, @Nullable ValueProfile values, String field) {
    boolean nullable =
        said.isNullable() && (values == null || values.values() == 0 || values.nulls() > 0);
    Schema type = type(value(said), values, field);
    return nullable ? SchemaGuess.orNull(type) : type;
  }

  /** The type beside null. */
  static Schema value(Schema schema) {
    return schema.isUnion()
        ? Objects.requireNonNull(
            schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(null))
        : schema;
  }
}
