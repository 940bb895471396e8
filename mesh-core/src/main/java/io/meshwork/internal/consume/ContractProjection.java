package io.meshwork.internal.consume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The Avro schema of some columns of a contract. A record that is read completely is unchanged;
 * other records retain only the fields that are read. Names are unique: a second projection of the
 * same record gets a numbered name.
 */
final class ContractProjection {
  private final Map<String, Schema> named = new HashMap<>();

  private ContractProjection() {}

  static Schema of(Schema contract, org.apache.iceberg.Schema columns) {
    return new ContractProjection().record(contract, columns.columns());
  }

  private Schema project(Schema schema, Type type) {
    return switch (schema.getType()) {
      case UNION -> union(schema, type);
      case RECORD -> record(schema, type.asStructType().fields());
      case ARRAY -> {
        Schema element = project(schema.getElementType(), type.asListType().elementType());
        yield element.equals(schema.getElementType())
            ? schema
            : withProperties(schema, Schema.createArray(element));
      }
      case MAP -> {
        Schema value = project(schema.getValueType(), type.asMapType().valueType());
        yield value.equals(schema.getValueType())
            ? schema
            : withProperties(schema, Schema.createMap(value));
      }
      default -> schema;
    };
  }

  private Schema union(Schema schema, Type type) {
    List<Schema> branches = new ArrayList<>();
    for (Schema branch : schema.getTypes()) {
      branches.add(branch.getType() == Schema.Type.NULL ? branch : project(branch, type));
    }
    return branches.equals(schema.getTypes()) ? schema : Schema.createUnion(branches);
  }

  private Schema record(Schema schema, List<Types.NestedField> columns) {
    List<Schema.Field> fields = new ArrayList<>();
    boolean all = columns.size() == schema.getFields().size();
    for (int i = 0; i < columns.size(); i++) {
      Schema.Field field = schema.getField(columns.get(i).name());
      Schema projected = project(field.schema(), columns.get(i).type());
      all = all && field.pos() == i && projected.equals(field.schema());
      fields.add(
          projected.equals(field.schema())
              ? new Schema.Field(field, projected)
              : withoutDefault(field, projected));
    }
    return all ? named(schema, schema.getFields()) : named(schema, fields);
  }

  /** A default may have fields that are not read; only null is valid for every projection. */
  private static Schema.Field withoutDefault(Schema.Field field, Schema projected) {
    return field.hasDefaultValue() && field.defaultVal() == JsonProperties.NULL_VALUE
        ? new Schema.Field(field.name(), projected, field.doc(), JsonProperties.NULL_VALUE)
        : new Schema.Field(field.name(), projected, field.doc());
  }

  /** Returns the record itself if it has these fields, or a record like it with these fields. */
  private Schema named(Schema schema, List<Schema.Field> fields) {
    String name = schema.getName();
    for (int number = 2; ; number++) {
      Schema candidate = candidate(schema, name, fields);
      Schema before = named.putIfAbsent(candidate.getFullName(), candidate);
      if (before == null || before.equals(candidate)) {
        return candidate;
      }
      name = schema.getName() + "_" + number;
    }
  }

  private static Schema candidate(Schema schema, String name, List<Schema.Field> fields) {
    if (fields == schema.getFields() && name.equals(schema.getName())) {
      return schema;
    }
    List<Schema.Field> own = new ArrayList<>();
    fields.forEach(field -> own.add(new Schema.Field(field, field.schema())));
    return Schema.createRecord(name, schema.getDoc(), schema.getNamespace(), false, own);
  }

  private static Schema withProperties(Schema from, Schema to) {
    from.forEachProperty(to::addProp);
    return to;
  }
}
