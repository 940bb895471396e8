package io.meshwork.contract;

import io.meshwork.internal.schema.LegalSchema;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** A record schema with another name. */
final class NamedRecord {
  private NamedRecord() {}

  static Schema of(Schema record, String fullName) {
    List<Schema.Field> fields =
        record.getFields().stream().map(field -> new Schema.Field(field, field.schema())).toList();
    try {
      Schema named = Schema.createRecord(fullName, record.getDoc(), null, record.isError(), fields);
      record.forEachProperty(named::addProp);
      record.getAliases().forEach(named::addAlias);
      LegalSchema.check(named, LegalSchema.NEWEST_FORMAT);
      // Avro writes a type with the name of the record as a reference to the record.
      if (LegalSchema.parse(named.toString()).equals(named)) {
        return named;
      }
    } catch (AvroRuntimeException e) {
      throw Contract.invalid(
          "'" + fullName + "' is not the name of a record: " + e.getMessage(), "Use another name.");
    }
    throw Contract.invalid(
        "a column has a type with the name '" + fullName + "'", "Use another name.");
  }
}
