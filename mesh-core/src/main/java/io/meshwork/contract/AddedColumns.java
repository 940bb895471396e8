package io.meshwork.contract;

import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.PhysicalName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/** The columns of a contract, with the columns of another that it lacks. */
final class AddedColumns {
  private static final String FIX = "Rename the type of the new column.";

  private AddedColumns() {}

  /** Returns the fields that a record lacks, by their names there and in files. */
  static List<Schema.Field> missing(Schema record, Schema other) {
    Set<String> existing = new HashSet<>();
    for (Schema.Field field : record.getFields()) {
      existing.add(field.name());
      existing.add(PhysicalName.of(field));
    }
    return other.getFields().stream()
        .filter(
            field -> !existing.contains(field.name()) && !existing.contains(PhysicalName.of(field)))
        .toList();
  }

  /** Returns a record with further fields, which are optional there. */
  static Schema with(Schema record, List<Schema.Field> missing) {
    List<Schema.Field> fields = new ArrayList<>();
    record.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    missing.forEach(field -> fields.add(optional(field)));
    try {
      Schema all =
          Schema.createRecord(
              record.getName(), record.getDoc(), record.getNamespace(), false, fields);
      record.forEachProperty(all::addProp);
      record.getAliases().forEach(all::addAlias);
      LegalSchema.check(all, LegalSchema.NEWEST_FORMAT);
      if (LegalSchema.parse(all.toString()).equals(all)) {
        return all;
      }
    } catch (AvroRuntimeException e) {
      throw Contract.invalid("the columns cannot be added: " + e.getMessage(), FIX);
    }
    throw Contract.invalid("a new column has a type with the name of another one", FIX);
  }

  private static Schema.Field optional(Schema.Field field) {
    Schema type = field.schema();
    if (!type.isNullable()) {
      type = Schema.createUnion(Schema.create(Schema.Type.NULL), type);
    } else {
      List<Schema> types = new ArrayList<>(type.getTypes());
      types.sort(Comparator.comparing(each -> each.getType() != Schema.Type.NULL));
      type = Schema.createUnion(types);
    }
    Schema.Field optional =
        new Schema.Field(field.name(), type, field.doc(), JsonProperties.NULL_VALUE);
    field.forEachProperty(optional::addProp);
    return optional;
  }
}
