package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.schema.TimeTruncation;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Converts batches to the table's columns. Columns are matched by name at any depth, and widened if
 * needed. A vector that has the table's type is passed on unchanged, with its dictionary.
 */
final class BatchColumns {
  private final FileColumns columns;
  private final List<Finding> mismatches = new ArrayList<>();
  private final FieldsStep conversion;

  /**
   * Compares the columns.
   *
   * @param batch the columns of the batches
   * @param contract the contract's Avro record
   */
  BatchColumns(org.apache.iceberg.Schema batch, org.apache.iceberg.Schema table, Schema contract) {
    this.columns = FileColumns.ofBatch(batch, table, contract);
    this.conversion = fields(batch.columns(), columns.projection().columns(), contract, "");
  }

  /** The columns that are missing or not declared. */
  FileColumns names() {
    return columns;
  }

  /** The columns whose values could be lost in the type of the contract. */
  List<Finding> mismatches() {
    return mismatches;
  }

  /** Returns the rows with the table's columns. The given vectors do not change. */
  VectorBatch convert(VectorBatch batch) {
    return columns.complete(
        new VectorBatch(columns.projection(), conversion.apply(batch.vectors(), batch.rows())));
  }

  private FieldsStep fields(
      List<Types.NestedField> offered,
      List<Types.NestedField> wanted,
      Schema record,
      String prefix) {
    List<FieldStep> steps = new ArrayList<>();
    for (Types.NestedField field : wanted) {
      int position = position(field.name(), offered);
      if (position < 0) {
        steps.add((vectors, rows) -> nulls(field.type(), rows));
      } else {
        VectorStep step =
            step(
                offered.get(position).type(),
                field.type(),
                FileColumns.withoutNull(record.getField(field.name()).schema()),
                prefix + field.name());
        steps.add((vectors, rows) -> step.apply(vectors.get(position)));
      }
    }
    return (vectors, rows) -> steps.stream().map(step -> step.apply(vectors, rows)).toList();
  }

  private VectorStep step(Type offered, Type wanted, Schema declared, String path) {
    if (offered.isStructType() && wanted.isStructType()) {
      FieldsStep fields =
          fields(
              offered.asStructType().fields(),
              wanted.asStructType().fields(),
              declared,
              path + ".");
      return vector -> {
        StructVector structs = (StructVector) vector;
        return structs.withChildren(fields.apply(structs.children(), structs.size()));
      };
    } else if (offered.isListType() && wanted.isListType()) {
      VectorStep elements =
          step(
              offered.asListType().elementType(),
              wanted.asListType().elementType(),
              FileColumns.withoutNull(declared.getElementType()),
              path + "[]");
      return vector -> {
        ListVector lists = (ListVector) vector;
        return lists.withElements(elements.apply(lists.elements()));
      };
    } else if (offered.isMapType()
        && wanted.isMapType()
        && offered.asMapType().keyType().equals(wanted.asMapType().keyType())) {
      VectorStep values =
          step(
              offered.asMapType().valueType(),
              wanted.asMapType().valueType(),
              FileColumns.withoutNull(declared.getValueType()),
              path + "{}");
      return vector -> {
        MapVector maps = (MapVector) vector;
        return maps.withValues(values.apply(maps.values()));
      };
    }
    return leaf(offered, wanted, declared, path);
  }

  private VectorStep leaf(Type offered, Type wanted, Schema declared, String path) {
    boolean nested = offered.isNestedType() || wanted.isNestedType();
    var promotion = nested ? null : Vector.promotion(offered, wanted);
    if (promotion == null) {
      mismatches.add(
          Finding.error(
              FindingCode.TYPE_MISMATCH,
              path,
              "column '"
                  + path
                  + "' has the type "
                  + offered
                  + ", and the contract's type is "
                  + wanted
                  + ", which cannot hold all its values",
              "leave the column out, or convert its values and call records(..)"));
      return vector -> vector;
    }
    // The check of the values truncates them in place.
    return TimeTruncation.changesMicroseconds(declared)
        ? vector -> copy(promotion.apply(vector).flat())
        : promotion::apply;
  }

  private static Vector copy(Vector vector) {
    Vector copy = vector.newEmpty();
    for (int row = 0; row < vector.size(); row++) {
      copy.appendFrom(vector, row);
    }
    return copy;
  }

  private static Vector nulls(Type type, int rows) {
    Vector nulls = VectorBatch.emptyVector(type);
    nulls.appendNulls(rows);
    return nulls;
  }

  private static int position(String name, List<Types.NestedField> fields) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private interface VectorStep {
    Vector apply(Vector vector);
  }

  /** Produces one column of the table, or one field of a struct. */
  private interface FieldStep {
    Vector apply(List<Vector> vectors, int rows);
  }

  /** Produces all columns of the table, or all fields of a struct. */
  private interface FieldsStep {
    List<Vector> apply(List<Vector> vectors, int rows);
  }
}
