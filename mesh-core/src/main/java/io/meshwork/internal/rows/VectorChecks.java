package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.Misfits;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds in batches that come as vectors what a {@link Shredder} finds in records: the same codes at
 * the same places, with {@link Vector#misfits()} among it. Not thread-safe.
 */
public final class VectorChecks {
  private final List<Place> places;

  private VectorChecks(List<Place> places) {
    this.places = places;
  }

  /**
   * Checks of a contract.
   *
   * @param contract its Avro record, which says what columns mean
   * @param table its columns as stored, in the order of the batches' vectors
   */
  public static VectorChecks of(Schema contract, org.apache.iceberg.Schema table) {
    return new VectorChecks(places(ColumnGroup.of(contract, table).columns()));
  }

  /** Adds what is wrong with the rows of a batch; each row's, as far as one can tell, in order. */
  public void find(VectorBatch batch, Violations violations) {
    for (Place place : places) {
      place.look(batch.vector(place.column.position()), null, row -> row, violations);
    }
  }

  private static List<Place> places(List<ContractColumn> columns) {
    List<Place> places = new ArrayList<>();
    for (ContractColumn column : columns) {
      Place place = new Place(column);
      if (place.matters()) {
        places.add(place);
      }
    }
    return List.copyOf(places);
  }

  /** A column, or a place inside of one, at which something can be wrong. */
  private static final class Place {
    private final ContractColumn column;
    private final @Nullable VectorValueCheck values;
    private final @Nullable MisfitCheck misfits;
    private final List<Place> below;

    Place(ContractColumn column) {
      this.column = column;
      this.values = VectorValueCheck.of(column);
      this.misfits = MisfitCheck.of(column);
      this.below = places(column.below());
    }

    boolean matters() {
      return requires() || values != null || misfits != null || !below.isEmpty();
    }

    /** Whether the column itself is null is judged later, with all that come as they are. */
    private boolean requires() {
      return column.inner() && column.required();
    }

    /**
     * Looks at a vector.
     *
     * @param excused where the record that this is a field of is null, so that this must be, too
     * @param rowOf the row of the batch that a slot of the vector belongs to
     */
    void look(
        Vector vector, @Nullable RowMask excused, IntUnaryOperator rowOf, Violations violations) {
      if (requires()) {
        findNulls(vector, excused, rowOf, violations);
      }
      if (misfits != null) {
        misfits.look(vector, rowOf, violations);
      }
      if (values != null) {
        values.look(vector, rowOf, violations);
      }
      if (vector instanceof StructVector structs) {
        for (Place field : below) {
          field.look(structs.child(field.column.position()), structs.nulls(), rowOf, violations);
        }
      } else if (vector instanceof ListVector lists) {
        IntUnaryOperator owner = i -> rowOf.applyAsInt(lists.owner(i));
        below.forEach(elements -> elements.look(lists.elements(), null, owner, violations));
      } else if (vector instanceof MapVector maps) {
        IntUnaryOperator owner = i -> rowOf.applyAsInt(maps.owner(i));
        for (Place part : below) {
          if (part.column.position() > 0) {
            part.look(maps.values(), null, owner, violations);
          } else if (part.values != null) {
            part.values.look(maps.keys(), owner, violations);
          }
        }
        findNullKeys(maps.keys(), owner, violations);
        findDuplicates(maps, rowOf, violations);
      }
    }

    private void findNulls(
        Vector vector, @Nullable RowMask excused, IntUnaryOperator rowOf, Violations violations) {
      RowMask nulls = vector.nulls();
      if (nulls == null) {
        return;
      }
      Misfits unfit = vector.misfits();
      for (int i = nulls.next(0); i >= 0; i = nulls.next(i + 1)) {
        boolean fits = unfit == null || !unfit.has(i);
        if (fits && (excused == null || !excused.get(i))) {
          violations.add(
              rowOf.applyAsInt(i),
              column.path(),
              Violations.REQUIRED_NULL,
              ValueAppender.NULL_AND_REQUIRED);
        }
      }
    }

    private void findNullKeys(Vector keys, IntUnaryOperator rowOf, Violations violations) {
      RowMask nulls = keys.nulls();
      for (int i = nulls == null ? -1 : nulls.next(0);
          nulls != null && i >= 0;
          i = nulls.next(i + 1)) {
        violations.add(
            rowOf.applyAsInt(i), column.path(), Violations.MAP_KEY_NULL, MapKeys.NULL_KEY);
      }
    }

    private void findDuplicates(MapVector maps, IntUnaryOperator rowOf, Violations violations) {
      BytesVector keys = (BytesVector) maps.keys();
      VectorValueCheck texts = below.get(0).values;
      for (int i = 0; i < maps.size(); i++) {
        int length = maps.length(i);
        int start = maps.start(i);
        if (length > 1
            && MapKeys.hasDuplicate(
                keys,
                start,
                start + length,
                key -> keys.isNull(key) || (texts != null && texts.misfit(keys, key) != null))) {
          violations.add(
              rowOf.applyAsInt(i),
              column.path(),
              Violations.MAP_KEY_DUPLICATE,
              MapKeys.duplicate(length));
        }
      }
    }
  }
}
