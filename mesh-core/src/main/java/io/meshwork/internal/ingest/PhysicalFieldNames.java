package io.meshwork.internal.ingest;

import io.meshwork.internal.schema.PhysicalName;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Gives the fields of an Avro file the names of the contract's columns. Stateless. */
final class PhysicalFieldNames {
  private PhysicalFieldNames() {}

  /**
   * Returns a file's schema in which a field has the name of the column whose name in files it has;
   * the same schema if the contract has no such column. The encoding of records does not depend on
   * names.
   */
  static Schema replaced(Schema written, Schema declared) {
    if (!declared.toString().contains(PhysicalName.PROPERTY)) {
      return written;
    }
    if (declared.isUnion() && !written.isUnion()) {
      return replaced(written, FileColumns.withoutNull(declared));
    }
    if (written.isUnion()) {
      return Schema.createUnion(
          written.getTypes().stream().map(branch -> replaced(branch, declared)).toList());
    }
    if (written.getType() != declared.getType()) {
      return written;
    }
    return switch (written.getType()) {
      case ARRAY ->
          Schema.createArray(replaced(written.getElementType(), declared.getElementType()));
      case MAP -> Schema.createMap(replaced(written.getValueType(), declared.getValueType()));
      case RECORD -> fields(written, declared);
      default -> written;
    };
  }

  private static Schema fields(Schema written, Schema declared) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : written.getFields()) {
      Schema.Field column = PhysicalName.find(declared, field.name());
      fields.add(
          column == null || isNamed(written, column, field)
              ? new Schema.Field(field, field.schema())
              : new Schema.Field(
                  column.name(), replaced(field.schema(), column.schema()), field.doc()));
    }
    return Schema.createRecord(
        written.getName(), written.getDoc(), written.getNamespace(), false, fields);
  }

  /** True if another field of the file has the name of the column. */
  private static boolean isNamed(Schema written, Schema.Field column, Schema.Field field) {
    return !field.name().equals(column.name()) && written.getField(column.name()) != null;
  }
}
