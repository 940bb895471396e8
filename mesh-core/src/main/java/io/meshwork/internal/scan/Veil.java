package io.meshwork.internal.scan;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.Predicate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * What a reader does not see of the rows that it reads: some of them, and values in some columns,
 * which are null to it. It lies before everything that the reader asks. Immutable.
 */
public final class Veil {
  /** Everything shows. */
  public static final Veil NONE = new Veil(Optional.empty(), List.of());

  private final Optional<Predicate> rows;
  private final List<Cells> cells;

  private Veil(Optional<Predicate> rows, List<Cells> cells) {
    this.rows = rows;
    this.cells = List.copyOf(cells);
  }

  /** A column whose values show in some rows only, with the ids of all that lies within it. */
  private record Cells(int fieldId, Set<Integer> within, Predicate shows) {}

  /** Shows only rows for which a condition on what is stored is true. */
  public static Veil ofRows(Predicate shows) {
    return new Veil(Optional.of(shows), List.of());
  }

  /**
   * The same, and shows the values of a column only where a condition on what is stored is true.
   *
   * @param column a top-level column of the table
   */
  public Veil andCells(Types.NestedField column, Predicate shows) {
    List<Cells> more = new ArrayList<>(cells);
    Set<Integer> within = Set.copyOf(TypeUtil.indexById(Types.StructType.of(column)).keySet());
    more.add(new Cells(column.fieldId(), within, shows));
    return new Veil(rows, more);
  }

  /** True if everything shows. */
  public boolean isNone() {
    return rows.isEmpty() && cells.isEmpty();
  }

  /** True if rows may be left out. */
  public boolean hidesRows() {
    return rows.isPresent();
  }

  /**
   * Ids of the columns that may be null to the reader where they are not, and of what is within.
   */
  public Set<Integer> masked() {
    Set<Integer> ids = new HashSet<>();
    cells.forEach(each -> ids.addAll(each.within));
    return ids;
  }

  /** What lies before a reader of these columns who asks others besides. */
  Veil over(Schema columns, Set<Integer> asked) {
    return new Veil(
        rows,
        cells.stream()
            .filter(
                each ->
                    columns.findField(each.fieldId) != null
                        || !Collections.disjoint(each.within, asked))
            .toList());
  }

  boolean masks() {
    return !cells.isEmpty();
  }

  Optional<Predicate> rows() {
    return rows;
  }

  /** Field ids of the columns that the conditions ask. */
  Set<Integer> fieldIds() {
    Set<Integer> ids = new HashSet<>();
    rows.ifPresent(shows -> ids.addAll(shows.fieldIds()));
    cells.forEach(each -> ids.addAll(each.shows.fieldIds()));
    return ids;
  }

  /**
   * All rows of a batch, with nulls in the place of values that do not show.
   *
   * @param stored rows with the columns that {@link #over} left, and those of their conditions
   */
  VectorBatch masked(VectorBatch stored) {
    if (cells.isEmpty()) {
      return stored;
    }
    List<Vector> vectors = new ArrayList<>(stored.vectors());
    List<Types.NestedField> columns = stored.schema().columns();
    for (Cells each : cells) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).fieldId() == each.fieldId) {
          vectors.set(i, masked(vectors.get(i), each.shows.matches(stored)));
        }
      }
    }
    return new VectorBatch(stored.schema(), vectors);
  }

  private static Vector masked(Vector values, RowMask shown) {
    Vector result = values.newEmpty();
    for (int row = 0; row < values.size(); row++) {
      if (shown.get(row)) {
        result.appendFrom(values, row);
      } else {
        result.appendNull();
      }
    }
    return result;
  }

  /** Without the conditions, which hold values. */
  @Override
  public String toString() {
    return "a veil over " + (rows.isPresent() ? "rows and " : "") + cells.size() + " columns";
  }
}
