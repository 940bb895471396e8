package io.meshwork.internal.ingest;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.file.GivenColumns;
import io.meshwork.internal.ingest.file.PhysicalFieldNames;
import io.meshwork.internal.rows.DefaultColumn;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Matches the columns of a file or a batch with the table's columns by name, at any depth:
 * undeclared and missing columns, and defaults for missing ones. The Parquet reader, or {@link
 * BatchColumns}, checks the types. Not thread-safe.
 */
final class FileColumns {
  private final org.apache.iceberg.Schema table;

  /** The paths of undeclared columns, which the contract does not have. */
  private final List<String> unknown = new ArrayList<>();

  /** The paths of missing columns that the contract requires without a default. */
  private final List<String> missing = new ArrayList<>();

  /** Why two columns of the file are one of the contract; null if none are. */
  private @Nullable String repetition;

  private final Fields columns;

  private final boolean ofFile;

  private final GivenColumns givenColumns;

  private FileColumns(
      org.apache.iceberg.Schema inFile,
      org.apache.iceberg.Schema table,
      Schema contract,
      boolean ofFile,
      GivenColumns givenColumns) {
    this.table = table;
    this.ofFile = ofFile;
    this.givenColumns = givenColumns;
    this.columns = fields(inFile.columns(), table.columns(), contract, "");
  }

  /**
   * Compares the columns of a file, which can have the names that the contract states for files.
   *
   * @param contract the contract's Avro record, for defaults and names
   * @param givenColumns the values of columns that the file lacks
   */
  static FileColumns ofFile(
      org.apache.iceberg.Schema file,
      org.apache.iceberg.Schema table,
      Schema contract,
      GivenColumns givenColumns) {
    return new FileColumns(file, table, contract, true, givenColumns);
  }

  /**
   * Compares the columns of a batch.
   *
   * @param contract the contract's Avro record, for defaults
   */
  static FileColumns ofBatch(
      org.apache.iceberg.Schema batch, org.apache.iceberg.Schema table, Schema contract) {
    return new FileColumns(batch, table, contract, false, GivenColumns.NONE);
  }

  /**
   * Rejects a source whose columns do not have the contract's names.
   *
   * @param action the action, for messages
   * @param source what has the columns, such as {@code file}
   * @param inFile its columns
   * @param ignoringUnknownColumns true if it may have undeclared columns
   */
  void check(
      MeshAction action,
      String source,
      org.apache.iceberg.Schema inFile,
      boolean ignoringUnknownColumns) {
    if (repetition != null) {
      throw PhysicalFieldNames.repeated(action, repetition);
    }
    if (!missing.isEmpty()) {
      throw mismatch(
          action,
          "it has no column " + missing.get(0) + ", which the contract requires without a default",
          "Add the column to the " + source + ".");
    }
    if (!ignoringUnknownColumns && !unknown.isEmpty()) {
      String fix =
          "Remove them from the "
              + source
              + ", call ignoreUnknownColumns(), or add them to the contract as optional columns.";
      throw Failure.of(action)
          .because("its columns " + unknown + " are not in the contract")
          .state("Nothing was published.")
          .fix(fix)
          .findings(
              unknown.stream()
                  .map(
                      column ->
                          Finding.error(
                              FindingCode.UNKNOWN_COLUMN,
                              column,
                              "its column '" + column + "' is not in the contract.",
                              fix))
                  .toList())
          .contractViolation(ErrorCode.SCHEMA_MISMATCH);
    }
    if (unknown.size() >= inFile.columns().size()
        && unknown.containsAll(inFile.columns().stream().map(Types.NestedField::name).toList())) {
      throw mismatch(
          action,
          "it has none of the contract's columns",
          "Choose another " + source + ", or rename its columns.");
    }
  }

  /** The exception if columns do not match the contract. */
  static ContractViolationException mismatch(MeshAction action, String reason, String fix) {
    return Failure.of(action)
        .because(reason)
        .state("Nothing was published.")
        .fix(fix)
        .contractViolation(ErrorCode.SCHEMA_MISMATCH);
  }

  /** The columns to read: the table's, without columns that get their default here. */
  org.apache.iceberg.Schema projection() {
    return new org.apache.iceberg.Schema(columns.read);
  }

  /** Adds the defaults to rows that were read with the projection. */
  VectorBatch complete(VectorBatch read) {
    return columns.complete()
        ? new VectorBatch(table, read.vectors())
        : new VectorBatch(table, columns.fill(read.vectors(), null, read.rows()));
  }

  private Fields fields(
      List<Types.NestedField> inFile,
      List<Types.NestedField> inTable,
      Schema record,
      String prefix) {
    Fields fields = new Fields();
    NamesInFiles<Schema.Field> names =
        ofFile ? NamesInFiles.of(record) : NamesInFiles.ofColumns(record);
    if (repetition == null) {
      repetition = names.repetition(prefix, inFile.stream().map(Types.NestedField::name).toList());
    }
    Map<String, Types.NestedField> byColumn = new HashMap<>();
    for (Types.NestedField field : inFile) {
      Schema.Field column = names.find(field.name());
      if (column != null) {
        byColumn.putIfAbsent(column.name(), field);
      }
    }
    for (Types.NestedField field : inTable) {
      String path = prefix + field.name();
      Schema.Field declared = Objects.requireNonNull(record.getField(field.name()), path);
      Types.NestedField stored = byColumn.get(field.name());
      DefaultColumn constant = prefix.isEmpty() ? givenColumns.column(field.name()) : null;
      if (constant != null) {
        fields.add(null, null, constant);
      } else if (stored == null && !declared.schema().isNullable()) {
        if (declared.hasDefaultValue()) {
          fields.add(null, null, DefaultColumn.of(declared, field));
        } else {
          missing.add(PhysicalName.describe(path, declared));
        }
      } else if (stored == null) {
        // Null, not the default that applies to rows published before the column was added.
        fields.add(
            Types.NestedField.optional(field.fieldId(), field.name(), field.type()), null, null);
      } else {
        FilledColumn part = part(stored.type(), field.type(), declared.schema(), path);
        fields.add(
            Types.NestedField.from(field).withName(stored.name()).ofType(part.read).build(),
            part.filling,
            null);
      }
    }
    for (Types.NestedField field : inFile) {
      if (names.find(field.name()) == null) {
        unknown.add(prefix + field.name());
      }
    }
    return fields;
  }

  private FilledColumn part(Type inFile, Type inTable, Schema schema, String path) {
    Schema declared = withoutNull(schema);
    if (inFile.isStructType() && inTable.isStructType()) {
      Fields fields =
          fields(
              inFile.asStructType().fields(),
              inTable.asStructType().fields(),
              declared,
              path + ".");
      return new FilledColumn(Types.StructType.of(fields.read), fields.complete() ? null : fields);
    } else if (inFile.isListType() && inTable.isListType()) {
      Types.ListType list = inTable.asListType();
      FilledColumn element =
          part(
              inFile.asListType().elementType(),
              list.elementType(),
              declared.getElementType(),
              path + "[]");
      VectorFill filling = element.filling;
      return new FilledColumn(
          list.isElementRequired()
              ? Types.ListType.ofRequired(list.elementId(), element.read)
              : Types.ListType.ofOptional(list.elementId(), element.read),
          filling == null ? null : vector -> fillElements((ListVector) vector, filling));
    } else if (inFile.isMapType() && inTable.isMapType()) {
      Types.MapType map = inTable.asMapType();
      FilledColumn value =
          part(
              inFile.asMapType().valueType(),
              map.valueType(),
              declared.getValueType(),
              path + "{}");
      VectorFill filling = value.filling;
      return new FilledColumn(
          map.isValueRequired()
              ? Types.MapType.ofRequired(map.keyId(), map.valueId(), map.keyType(), value.read)
              : Types.MapType.ofOptional(map.keyId(), map.valueId(), map.keyType(), value.read),
          filling == null ? null : vector -> fillValues((MapVector) vector, filling));
    }
    return new FilledColumn(inTable, null);
  }

  /** Returns the type of a field, without null. */
  static Schema withoutNull(Schema schema) {
    return (schema.isUnion() ? schema.getTypes().stream() : Stream.of(schema))
        .filter(branch -> branch.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static Vector fillElements(ListVector lists, VectorFill filling) {
    return lists.withElements(filling.fill(lists.elements()));
  }

  private static Vector fillValues(MapVector maps, VectorFill filling) {
    return maps.withValues(filling.fill(maps.values()));
  }

  /** Adds defaults for missing fields. */
  private interface VectorFill {
    Vector fill(Vector read);
  }

  /** The type to read, and the defaults to add to it; null if none is missing. */
  private record FilledColumn(Type read, @Nullable VectorFill filling) {}

  /** The columns of the table, or the fields of a nested record. */
  private static final class Fields implements VectorFill {
    private final List<Types.NestedField> read = new ArrayList<>();

    /** By position: the defaults to add to the column. */
    private final List<@Nullable VectorFill> fillings = new ArrayList<>();

    /** By position: the default of a column that is not read. */
    private final List<@Nullable DefaultColumn> defaults = new ArrayList<>();

    void add(
        Types.@Nullable NestedField field,
        @Nullable VectorFill filling,
        @Nullable DefaultColumn constant) {
      if (field != null) {
        read.add(field);
      }
      fillings.add(filling);
      defaults.add(constant);
    }

    /** True if no default is added. */
    boolean complete() {
      return defaults.stream().allMatch(Objects::isNull)
          && fillings.stream().allMatch(Objects::isNull);
    }

    @Override
    public Vector fill(Vector vector) {
      StructVector structs = (StructVector) vector;
      return structs.withChildren(fill(structs.children(), structs, structs.size()));
    }

    /** Returns one vector per column, null where {@code structs} is null. */
    List<Vector> fill(List<Vector> vectors, @Nullable StructVector structs, int rows) {
      List<Vector> filled = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < defaults.size(); i++) {
        DefaultColumn constant = defaults.get(i);
        VectorFill filling = fillings.get(i);
        if (constant != null) {
          filled.add(constant.rows(structs, rows));
        } else {
          Vector vector = vectors.get(next++);
          filled.add(filling == null ? vector : filling.fill(vector));
        }
      }
      return filled;
    }
  }
}
