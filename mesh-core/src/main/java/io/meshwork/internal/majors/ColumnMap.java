package io.meshwork.internal.majors;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;

/**
 * Maps rows between two major versions by their contracts: same names, declared renamings, widened
 * types, and defaults. A direction that is total needs no mapping by the producer. Immutable.
 */
public final class ColumnMap {
  private final List<ColumnPair> columns;
  private final Map<Direction, List<Finding>> gaps = new EnumMap<>(Direction.class);

  private ColumnMap(List<ColumnPair> columns) {
    this.columns = columns;
    for (Direction direction : Direction.values()) {
      gaps.put(direction, new ColumnGaps(direction).of(columns));
    }
  }

  /** From which version to which. */
  public enum Direction {
    /** From the older major version to the newer one. */
    TO_NEWER,
    /** From the newer major version to the older one. */
    TO_OLDER
  }

  /**
   * Compares two contracts.
   *
   * @param renamings the new paths of renamed columns by their old paths, such as {@code
   *     lines[].qty} by {@code lines[].quantity}; an alias in the newer contract is a renaming, too
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT if a renaming names a column
   *     that does not exist, or moves it to another record
   */
  public static ColumnMap of(Contract older, Contract newer, Map<String, String> renamings) {
    ColumnRenamings declared = new ColumnRenamings(renamings);
    List<ColumnPair> columns = ColumnPair.fields("", older.schema(), "", newer.schema(), declared);
    declared.requireAllApplied();
    return new ColumnMap(columns);
  }

  /**
   * Compares two major versions that exist. A column that continues another under a new name has
   * its field ID.
   *
   * @param olderTable the columns of the older table
   * @param newerTable the columns of the newer table
   */
  public static ColumnMap of(Contract older, Schema olderTable, Contract newer, Schema newerTable) {
    return of(older, newer, FieldPaths.renamings(olderTable, newerTable));
  }

  /** Returns true if every row of one version has exactly one row of the other. */
  public boolean isTotal(Direction direction) {
    return gaps(direction).isEmpty();
  }

  /** Returns the columns of the target that cannot be derived, and why; empty if it is total. */
  public List<Finding> gaps(Direction direction) {
    return gaps.getOrDefault(direction, List.of());
  }

  /** Returns the columns of the target that the source has too, with all their parts. */
  public Schema common(Direction direction, Schema target) {
    List<String> names = new ArrayList<>();
    for (ColumnPair pair : columns) {
      ColumnPair.Side side = pair.target(direction);
      if (side != null && pair.source(direction) != null) {
        names.add(side.path());
      }
    }
    return target.select(names);
  }

  /**
   * Returns the conversion of batches. It converts columns as a whole; unchanged columns share
   * their vectors with the source.
   *
   * @param source the table columns of the batches to convert
   * @param target the table columns of the results
   * @throws IllegalStateException if the direction is not total
   */
  public UnaryOperator<VectorBatch> conversion(Direction direction, Schema source, Schema target) {
    if (!isTotal(direction)) {
      throw new IllegalStateException("no conversion exists: " + gaps(direction));
    }
    return BatchConversion.of(columns, direction, source, target);
  }
}
