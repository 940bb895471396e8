package io.meshwork.internal.scan;

import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.FooterRowGroup;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Which rows are wanted: those that the reader sees, as it sees them, that match all of some
 * filters, and that none of others took away. Immutable.
 */
public final class ScanFilter {
  /** All rows. */
  public static final ScanFilter ALL = new ScanFilter(DataMask.NONE, List.of(), List.of());

  private final DataMask mask;
  private final List<RowPredicate> matching;
  private final List<RowPredicate> gone;

  /** Filters by which parts of a table are left out: what is masked is not judged as stored. */
  private final List<RowPredicate> pruning = new ArrayList<>();

  private ScanFilter(DataMask mask, List<RowPredicate> matching, List<RowPredicate> gone) {
    this.mask = mask;
    this.matching = List.copyOf(matching);
    this.gone = List.copyOf(gone);
    Set<Integer> masked = mask.maskedColumns();
    mask.rows().ifPresent(pruning::add);
    matching.forEach(filter -> pruning.add(filter.relaxed(masked)));
  }

  /**
   * All rows but those that were taken away since.
   *
   * @param gone filters of what is stored; where one is false or unknown, rows stay
   */
  public static ScanFilter without(List<RowPredicate> gone) {
    return new ScanFilter(DataMask.NONE, List.of(), gone);
  }

  /** Those of this choice that match one filter more. */
  public ScanFilter and(RowPredicate filter) {
    List<RowPredicate> more = new ArrayList<>(matching);
    more.add(filter);
    return new ScanFilter(mask, more, gone);
  }

  /** The same, but shows only rows whose stored values satisfy a condition. */
  public ScanFilter showingRows(RowPredicate shows) {
    return new ScanFilter(mask.andRows(shows), matching, gone);
  }

  /**
   * The same, but shows a column's values only in rows that satisfy a condition; elsewhere they are
   * null, also to the filters of {@link #and}.
   *
   * @param column a top-level column of the table
   */
  public ScanFilter showingCells(Types.NestedField column, RowPredicate shows) {
    return new ScanFilter(mask.andCells(column, shows), matching, gone);
  }

  /** The same over the rows and cells that another filter shows. */
  public ScanFilter restrictedTo(ScanFilter shown) {
    return new ScanFilter(shown.mask, matching, gone);
  }

  /** Returns true if rows are hidden from the reader, apart from those that its filters exclude. */
  public boolean hidesRows() {
    return mask.hidesRows();
  }

  /**
   * A filter that is true of all rows that are wanted, and maybe of more, to leave out files by;
   * empty if any row may be wanted.
   */
  public Optional<RowPredicate> pruning() {
    return pruning.isEmpty() ? Optional.empty() : Optional.of(RowPredicate.anyOf(List.of(pruning)));
  }

  /** False only if none of the file's rows is wanted. */
  public boolean mightContain(DataFile file) {
    return pruning.stream().allMatch(filter -> filter.mayMatch(file))
        && gone.stream().noneMatch(filter -> filter.certainlyMatchesAll(file));
  }

  boolean isAll() {
    return matching.isEmpty() && gone.isEmpty() && mask.isNone();
  }

  DataMask mask() {
    return mask;
  }

  /** The same for a reader of these columns, without what lies before others. */
  ScanFilter over(Schema columns) {
    Set<Integer> asked = new HashSet<>();
    matching.forEach(filter -> asked.addAll(filter.fieldIds()));
    return new ScanFilter(mask.over(columns, asked), matching, gone);
  }

  /** Field ids of the columns that are asked, by filters and by what does not show. */
  Set<Integer> fieldIds() {
    Set<Integer> ids = mask.fieldIds();
    matching.forEach(filter -> ids.addAll(filter.fieldIds()));
    gone.forEach(filter -> ids.addAll(filter.fieldIds()));
    return ids;
  }

  /** False only if none of the group's rows is wanted. */
  boolean mightContain(FooterRowGroup group, Schema columns) {
    return pruning.stream()
        .allMatch(filter -> filter.mayMatch(group, columns, ColumnMatch.BY_FIELD_ID));
  }

  /** False only if bloom filters say that none of the group's rows is wanted; reads them. */
  boolean mightContain(ParquetReader file, int group) {
    return pruning.stream().allMatch(filter -> filter.mayMatch(file, group));
  }

  /**
   * Numbers of the rows that are wanted, in order.
   *
   * @param stored the rows as they are
   * @param shown the same rows as the reader sees them
   */
  int[] of(VectorBatch stored, VectorBatch shown) {
    RowMask wanted = new RowMask(stored.rows());
    wanted.flip(stored.rows());
    mask.rows().ifPresent(filter -> wanted.and(filter.matches(stored)));
    gone.forEach(filter -> wanted.andNot(filter.matches(stored)));
    matching.forEach(filter -> wanted.and(filter.matches(shown)));
    return wanted.numbers();
  }
}
