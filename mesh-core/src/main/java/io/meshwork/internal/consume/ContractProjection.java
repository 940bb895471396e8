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
 * The Avro schema of some columns of a contract. Records of which all is read stay as they are; of
 * others only what is read is kept. A name stands for one record: another part of the same one gets
 * a number behind its name.
 */
final class ContractProjection {
  private final Map<String, Schema> named = new HashMap<>();

  private ContractProjection() {}

  static Schema of(Schema contract, org.apache.iceberg.Schema columns) {
    return new ContractProjection().record(contract, columns.columns());
  }

  private Schema part(Schema whole, Type type) {
    return switch (whole.getType()) {
      case UNION -> union(whole, type);
      case RECORD -> record(whole, type.asStructType().fields());
      case ARRAY -> {
        Schema element = part(whole.getElementType(), type.asListType().elementType());
        yield element.equals(whole.getElementType())
            ? whole
            : withProperties(whole, Schema.createArray(element));
      }
      case MAP -> {
        Schema value = part(whole.getValueType(), type.asMapType().valueType());
        yield value.equals(whole.getValueType())
            ? whole
            : withProperties(whole, Schema.createMap(value));
      }
      default -> whole;
    };
  }

  private Schema union(Schema whole, Type type) {
    List<Schema> branches = new ArrayList<>();
    for (Schema branch : whole.getTypes()) {
      branches.add(branch.getType() == Schema.Type.NULL ? branch : part(branch, type));
    }
    return branches.equals(whole.getTypes()) ? whole : Schema.createUnion(branches);
  }

  private Schema record(Schema whole, List<Types.NestedField> wanted) {
    List<Schema.Field> fields = new ArrayList<>();
    boolean all = wanted.size() == whole.getFields().size();
    for (int i = 0; i < wanted.size(); i++) {
      Schema.Field field = whole.getField(wanted.get(i).name());
      Schema part = part(field.schema(), wanted.get(i).type());
      all = all && field.pos() == i && part.equals(field.schema());
      fields.add(
          part.equals(field.schema())
              ? new Schema.Field(field, part)
              : withoutDefault(field, part));
    }
    return all ? named(whole, whole.getFields()) : named(whole, fields);
  }

  /** A default may name what is not read; only null holds for any part. */
  private static Schema.Field withoutDefault(Schema.Field field, Schema part) {
    return field.hasDefaultValue() && field.defaultVal() == JsonProperties.NULL_VALUE
        ? new Schema.Field(field.name(), part, field.doc(), JsonProperties.NULL_VALUE)
        : new Schema.Field(field.name(), part, field.doc());
  }

  /** The record itself if these are its own fields, or one like it with others. */
  private Schema named(Schema whole, List<Schema.Field> fields) {
    String name = whole.getName();
    for (int number = 2; ; number++) {
      Schema candidate = candidate(whole, name, fields);
      Schema before = named.putIfAbsent(candidate.getFullName(), candidate);
      if (before == null || before.equals(candidate)) {
        return candidate;
      }
      name = whole.getName() + "_" + number;
    }
  }

  private static Schema candidate(Schema whole, String name, List<Schema.Field> fields) {
    if (fields == whole.getFields() && name.equals(whole.getName())) {
      return whole;
    }
    List<Schema.Field> own = new ArrayList<>();
    fields.forEach(field -> own.add(new Schema.Field(field, field.schema())));
    return Schema.createRecord(name, whole.getDoc(), whole.getNamespace(), false, own);
  }

  private static Schema withProperties(Schema from, Schema to) {
    from.forEachProperty(to::addProp);
    return to;
  }
}
