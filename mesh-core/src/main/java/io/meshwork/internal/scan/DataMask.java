package io.meshwork.internal.scan;

import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.text.Count;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
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
 * The rows and cells that a scan hides from its reader: hidden rows are omitted, hidden cells are
 * null. Applies before the reader's own filters. Immutable.
 */
final class DataMask {
  /** Hides nothing. */
  static final DataMask NONE = new DataMask(Optional.empty(), List.of());

  private final Optional<RowPredicate> rows;
  private final List<Cells> cells;

  private DataMask(Optional<RowPredicate> rows, List<Cells> cells) {
    this.rows = rows;
    this.cells = List.copyOf(cells);
  }

  /** A column whose values are visible in some rows only, with the field IDs within it. */
  private record Cells(int fieldId, Set<Integer> within, RowPredicate shows) {}

  /** The same, but shows only rows whose stored values satisfy a condition. */
  DataMask andRows(RowPredicate shows) {
    return new DataMask(Optional.of(shows), cells);
  }

  /** The same, but shows a top-level column's values only where a condition is satisfied. */
  DataMask andCells(Types.NestedField column, RowPredicate shows) {
    List<Cells> more = new ArrayList<>(cells);
    Set<Integer> within = Set.copyOf(TypeUtil.indexById(Types.StructType.of(column)).keySet());
    more.add(new Cells(column.fieldId(), within, shows));
    return new DataMask(rows, more);
  }

  /** Returns true if nothing is hidden. */
  boolean isNone() {
    return rows.isEmpty() && cells.isEmpty();
  }

  /** Returns true if rows may be omitted. */
  boolean hidesRows() {
    return rows.isPresent();
  }

  /** Field ids of the columns with hidden cells, and of the fields within them. */
  Set<Integer> maskedColumns() {
    Set<Integer> ids = new HashSet<>();
    cells.forEach(each -> ids.addAll(each.within));
    return ids;
  }

  /** The same without columns that are neither read nor used by a filter. */
  DataMask over(Schema columns, Set<Integer> filterColumns) {
    return new DataMask(
        rows,
        cells.stream()
            .filter(
                each ->
                    columns.findField(each.fieldId) != null
                        || !Collections.disjoint(each.within, filterColumns))
            .toList());
  }

  boolean hidesCells() {
    return !cells.isEmpty();
  }

  Optional<RowPredicate> rows() {
    return rows;
  }

  /** Field ids of the columns that the conditions use. */
  Set<Integer> fieldIds() {
    Set<Integer> ids = new HashSet<>();
    rows.ifPresent(shows -> ids.addAll(shows.fieldIds()));
    cells.forEach(each -> ids.addAll(each.shows.fieldIds()));
    return ids;
  }

  /**
   * Returns all rows of a batch, with nulls for hidden cells.
   *
   * @param stored rows with the columns that {@link #over} retains, and the columns of their
   *     conditions
   */
  VectorBatch maskedColumns(VectorBatch stored) {
    if (cells.isEmpty()) {
      return stored;
    }
    List<Vector> vectors = new ArrayList<>(stored.vectors());
    List<Types.NestedField> columns = stored.schema().columns();
    for (Cells each : cells) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).fieldId() == each.fieldId) {
          vectors.set(i, maskedColumns(vectors.get(i), each.shows.matches(stored)));
        }
      }
    }
    return new VectorBatch(stored.schema(), vectors);
  }

  private static Vector maskedColumns(Vector values, RowMask shown) {
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

  /** Without the conditions, which contain values. */
  @Override
  public String toString() {
    return "mask of " + (rows.isPresent() ? "rows and " : "") + Count.of(cells.size(), "column");
  }
}
