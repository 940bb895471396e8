package io.meshwork.internal.ingest;

import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of one file meet those of the table, at any depth and by name: what the file has
 * too much, what it lacks, and what takes the place of that. Whether types fit is the reader's
 * business. Not thread-safe.
 */
final class FileColumns {
  private final org.apache.iceberg.Schema table;
  private final List<String> unknown = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final Fields columns;

  /**
   * Compares.
   *
   * @param contract the contract's record, for defaults
   */
  FileColumns(org.apache.iceberg.Schema file, org.apache.iceberg.Schema table, Schema contract) {
    this.table = table;
    this.columns = fields(file.columns(), table.columns(), contract, "");
  }

  /** The paths of what the file has and the contract has not. */
  List<String> unknown() {
    return unknown;
  }

  /** The paths of what the file lacks and the contract requires without a default. */
  List<String> missing() {
    return missing;
  }

  /** True if the file has none of the table's columns. */
  boolean shareNothing(org.apache.iceberg.Schema file) {
    return file.columns().stream().allMatch(column -> table.findField(column.name()) == null);
  }

  /** What is to be read: the table's columns but for those that get their default here. */
  org.apache.iceberg.Schema projection() {
    return new org.apache.iceberg.Schema(columns.read);
  }

  /** The rows that were read so, with all columns of the table. */
  VectorBatch complete(VectorBatch read) {
    return columns.complete()
        ? new VectorBatch(table, read.vectors())
        : new VectorBatch(table, columns.fill(read.vectors(), null, read.rows()));
  }

  private Fields fields(
      List<Types.NestedField> inFile,
      List<Types.NestedField> wanted,
      Schema record,
      String prefix) {
    Fields fields = new Fields();
    for (Types.NestedField field : wanted) {
      String path = prefix + field.name();
      Schema.Field promised = Objects.requireNonNull(record.getField(field.name()), path);
      Types.NestedField found = find(inFile, field.name());
      if (found == null && !promised.schema().isNullable()) {
        if (promised.hasDefaultValue()) {
          fields.add(null, null, DefaultColumn.of(promised, field));
        } else {
          missing.add(path);
        }
      } else if (found == null) {
        // Without the default that readers of old files of the table would put there.
        fields.add(
            Types.NestedField.optional(field.fieldId(), field.name(), field.type()), null, null);
      } else {
        Part part = part(found.type(), field.type(), promised.schema(), path);
        fields.add(Types.NestedField.from(field).ofType(part.read).build(), part.filling, null);
      }
    }
    for (Types.NestedField found : inFile) {
      if (find(wanted, found.name()) == null) {
        unknown.add(prefix + found.name());
      }
    }
    return fields;
  }

  private Part part(Type inFile, Type wanted, Schema schema, String path) {
    Schema promised =
        (schema.isUnion() ? schema.getTypes().stream() : Stream.of(schema))
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .findFirst()
            .orElseThrow();
    if (inFile.isStructType() && wanted.isStructType()) {
      Fields fields =
          fields(
              inFile.asStructType().fields(), wanted.asStructType().fields(), promised, path + ".");
      return new Part(Types.StructType.of(fields.read), fields.complete() ? null : fields);
    } else if (inFile.isListType() && wanted.isListType()) {
      Types.ListType list = wanted.asListType();
      Part element =
          part(
              inFile.asListType().elementType(),
              list.elementType(),
              promised.getElementType(),
              path + "[]");
      Filling filling = element.filling;
      return new Part(
          list.isElementRequired()
              ? Types.ListType.ofRequired(list.elementId(), element.read)
              : Types.ListType.ofOptional(list.elementId(), element.read),
          filling == null ? null : vector -> fillElements((ListVector) vector, filling));
    } else if (inFile.isMapType() && wanted.isMapType()) {
      Types.MapType map = wanted.asMapType();
      Part value =
          part(
              inFile.asMapType().valueType(),
              map.valueType(),
              promised.getValueType(),
              path + "{}");
      Filling filling = value.filling;
      return new Part(
          map.isValueRequired()
              ? Types.MapType.ofRequired(map.keyId(), map.valueId(), map.keyType(), value.read)
              : Types.MapType.ofOptional(map.keyId(), map.valueId(), map.keyType(), value.read),
          filling == null ? null : vector -> fillValues((MapVector) vector, filling));
    }
    return new Part(wanted, null);
  }

  private static Vector fillElements(ListVector lists, Filling filling) {
    return lists.withElements(filling.fill(lists.elements()));
  }

  private static Vector fillValues(MapVector maps, Filling filling) {
    return maps.withValues(filling.fill(maps.values()));
  }

  private static Types.@Nullable NestedField find(List<Types.NestedField> fields, String name) {
    for (Types.NestedField field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** Puts defaults where the file has nothing. */
  private interface Filling {
    Vector fill(Vector read);
  }

  /** The type that is read, and what is added to it; null if it is all there. */
  private record Part(Type read, @Nullable Filling filling) {}

  /** The columns of the table, or the fields of a record inside of one. */
  private static final class Fields implements Filling {
    private final List<Types.NestedField> read = new ArrayList<>();

    /** By the position of a column: what is added to it. */
    private final List<@Nullable Filling> fillings = new ArrayList<>();

    /** By the position of a column: one row with its default, if it is not read. */
    private final List<@Nullable Vector> defaults = new ArrayList<>();

    void add(
        Types.@Nullable NestedField field, @Nullable Filling filling, @Nullable Vector constant) {
      if (field != null) {
        read.add(field);
      }
      fillings.add(filling);
      defaults.add(constant);
    }

    /** True if nothing is added. */
    boolean complete() {
      return defaults.stream().allMatch(Objects::isNull)
          && fillings.stream().allMatch(Objects::isNull);
    }

    @Override
    public Vector fill(Vector vector) {
      StructVector structs = (StructVector) vector;
      return structs.withChildren(fill(structs.children(), structs, structs.size()));
    }

    /** One vector a column; {@code structs} says where its record is null. */
    List<Vector> fill(List<Vector> vectors, @Nullable StructVector structs, int rows) {
      List<Vector> filled = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < defaults.size(); i++) {
        Vector constant = defaults.get(i);
        Filling filling = fillings.get(i);
        if (constant != null) {
          filled.add(repeated(constant, structs, rows));
        } else {
          Vector vector = vectors.get(next++);
          filled.add(filling == null ? vector : filling.fill(vector));
        }
      }
      return filled;
    }

    private static Vector repeated(Vector constant, @Nullable StructVector structs, int rows) {
      Vector vector = constant.newEmpty();
      for (int row = 0; row < rows; row++) {
        if (structs != null && structs.isNull(row)) {
          vector.appendNull();
        } else {
          vector.appendFrom(constant, 0);
        }
      }
      return vector;
    }
  }
}
