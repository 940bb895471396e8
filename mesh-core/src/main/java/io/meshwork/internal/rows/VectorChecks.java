package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds the violations in batches of vectors that {@link RecordShredder} finds in records, with the
 * same codes and paths, {@link Vector#hasConversionError conversion errors} included. Not
 * thread-safe.
 */
public final class VectorChecks {
  private final List<CheckedField> places;

  private VectorChecks(List<CheckedField> places) {
    this.places = places;
  }

  /**
   * Returns the checks of a contract.
   *
   * @param contract its Avro record, which determines the types of columns
   * @param table its columns as stored, in the order of the batches' vectors
   */
  public static VectorChecks of(Schema contract, org.apache.iceberg.Schema table) {
    return new VectorChecks(places(ColumnGroup.of(contract, table).columns()));
  }

  /** Adds the violations of a batch's rows, mostly in column order within a row. */
  public void find(VectorBatch batch, TypeViolations violations) {
    for (CheckedField place : places) {
      place.look(batch.vector(place.column.position()), null, row -> row, violations);
    }
  }

  /** Returns true if a check may change a value: times with a coarser unit are truncated. */
  public boolean changeValues() {
    return places.stream().anyMatch(CheckedField::changesValues);
  }

  private static List<CheckedField> places(List<ContractColumn> columns) {
    List<CheckedField> places = new ArrayList<>();
    for (ContractColumn column : columns) {
      CheckedField place = new CheckedField(column);
      if (place.matters()) {
        places.add(place);
      }
    }
    return List.copyOf(places);
  }

  /** A column, or a part of one, that can have violations. */
  private static final class CheckedField {
    private final ContractColumn column;
    private final @Nullable VectorValueCheck values;
    private final @Nullable ConversionCheck mismatches;
    private final List<CheckedField> children;

    CheckedField(ContractColumn column) {
      this.column = column;
      this.values = VectorValueCheck.of(column);
      this.mismatches = ConversionCheck.of(column);
      this.children = places(column.children());
    }

    boolean changesValues() {
      return (values != null && values.changesValues())
          || children.stream().anyMatch(CheckedField::changesValues);
    }

    boolean matters() {
      return requires() || values != null || mismatches != null || !children.isEmpty();
    }

    /** Top-level columns are checked for required values later. */
    private boolean requires() {
      return column.inner() && column.required();
    }

    /**
     * Checks a vector.
     *
     * @param parentNulls rows in which the enclosing record is null, so that this value must be
     *     null, too
     * @param rowOf maps a slot of the vector to its row of the batch
     */
    void look(
        Vector vector,
        @Nullable RowMask parentNulls,
        IntUnaryOperator rowOf,
        TypeViolations violations) {
      if (requires()) {
        findNulls(vector, parentNulls, rowOf, violations);
      }
      if (mismatches != null) {
        mismatches.check(vector, rowOf, violations);
      }
      if (values != null) {
        values.check(vector, rowOf, violations);
      }
      if (vector instanceof StructVector structs) {
        for (CheckedField field : children) {
          field.look(structs.child(field.column.position()), structs.nulls(), rowOf, violations);
        }
      } else if (vector instanceof ListVector lists) {
        IntUnaryOperator owner = i -> rowOf.applyAsInt(lists.owner(i));
        children.forEach(elements -> elements.look(lists.elements(), null, owner, violations));
      } else if (vector instanceof MapVector maps) {
        IntUnaryOperator owner = i -> rowOf.applyAsInt(maps.owner(i));
        for (CheckedField part : children) {
          if (part.column.position() > 0) {
            part.look(maps.values(), null, owner, violations);
          } else if (part.values != null) {
            part.values.check(maps.keys(), owner, violations);
          }
        }
        findNullKeys(maps.keys(), owner, violations);
        findDuplicates(maps, rowOf, violations);
      }
    }

    private void findNulls(
        Vector vector,
        @Nullable RowMask parentNulls,
        IntUnaryOperator rowOf,
        TypeViolations violations) {
      RowMask nulls = vector.nulls();
      if (nulls == null) {
        return;
      }
      for (int i = nulls.next(0); i >= 0; i = nulls.next(i + 1)) {
        boolean fits = !vector.hasConversionError(i);
        if (fits && (parentNulls == null || !parentNulls.get(i))) {
          violations.add(
              rowOf.applyAsInt(i),
              column.path(),
              FindingCode.REQUIRED_NULL,
              ValueAppender.NULL_AND_REQUIRED);
        }
      }
    }

    private void findNullKeys(Vector keys, IntUnaryOperator rowOf, TypeViolations violations) {
      RowMask nulls = keys.nulls();
      for (int i = nulls == null ? -1 : nulls.next(0);
          nulls != null && i >= 0;
          i = nulls.next(i + 1)) {
        violations.add(
            rowOf.applyAsInt(i), column.path(), FindingCode.MAP_KEY_NULL, MapKeys.NULL_KEY);
      }
    }

    private void findDuplicates(MapVector maps, IntUnaryOperator rowOf, TypeViolations violations) {
      BytesVector keys = (BytesVector) maps.keys();
      VectorValueCheck texts = children.get(0).values;
      for (int i = 0; i < maps.size(); i++) {
        int length = maps.length(i);
        int start = maps.start(i);
        if (length > 1
            && MapKeys.hasDuplicate(
                keys,
                start,
                start + length,
                key -> keys.isNull(key) || (texts != null && texts.mismatch(keys, key) != null))) {
          violations.add(
              rowOf.applyAsInt(i),
              column.path(),
              FindingCode.MAP_KEY_DUPLICATE,
              MapKeys.duplicate(length));
        }
      }
    }
  }
}
