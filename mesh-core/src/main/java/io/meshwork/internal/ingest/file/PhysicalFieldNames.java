package io.meshwork.internal.ingest.file;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.PhysicalName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;

/** Gives the fields of an Avro file the names of the contract's columns. Stateless. */
public final class PhysicalFieldNames {
  private PhysicalFieldNames() {}

  /**
   * Returns a file's schema in which a field has the name of the column whose name in files it has;
   * the same schema if the contract has no such column. The encoding of records does not depend on
   * names.
   *
   * @param action the action on the file, for messages
   * @throws io.meshwork.error.ContractViolationException if two fields are the same column
   */
  static Schema replaced(Schema written, Schema declared, MeshAction action) {
    return replaced(written, declared, "", action);
  }

  private static Schema replaced(Schema written, Schema declared, String path, MeshAction action) {
    if (!declared.toString().contains(PhysicalName.PROPERTY)) {
      return written;
    }
    if (declared.isUnion() && !written.isUnion()) {
      return replaced(
          written, Objects.requireNonNull(ColumnKind.withoutNull(declared)), path, action);
    }
    if (written.isUnion()) {
      return Schema.createUnion(
          written.getTypes().stream()
              .map(branch -> replaced(branch, declared, path, action))
              .toList());
    }
    if (written.getType() != declared.getType()) {
      return written;
    }
    return switch (written.getType()) {
      case ARRAY ->
          Schema.createArray(
              replaced(written.getElementType(), declared.getElementType(), path + "[]", action));
      case MAP ->
          Schema.createMap(
              replaced(written.getValueType(), declared.getValueType(), path + "{}", action));
      case RECORD -> fields(written, declared, path.isEmpty() ? "" : path + ".", action);
      default -> written;
    };
  }

  private static Schema fields(Schema written, Schema declared, String prefix, MeshAction action) {
    NamesInFiles<Schema.Field> names = NamesInFiles.of(declared);
    String repetition =
        names.repetition(prefix, written.getFields().stream().map(Schema.Field::name).toList());
    if (repetition != null) {
      throw repeated(action, repetition);
    }
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : written.getFields()) {
      Schema.Field column = names.find(field.name());
      fields.add(
          column == null
              ? new Schema.Field(field, field.schema())
              : new Schema.Field(
                  column.name(),
                  replaced(field.schema(), column.schema(), prefix + column.name(), action),
                  field.doc()));
    }
    return Schema.createRecord(
        written.getName(), written.getDoc(), written.getNamespace(), false, fields);
  }

  /** The exception if two columns of a file are one of the contract. */
  public static ContractViolationException repeated(MeshAction action, String reason) {
    return Failure.of(action)
        .because(reason)
        .state("Nothing was published.")
        .fix("Write the file with one of them.")
        .contractViolation(ErrorCode.SCHEMA_MISMATCH);
  }
}
