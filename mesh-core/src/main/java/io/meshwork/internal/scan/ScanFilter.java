package io.meshwork.internal.scan;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Selects the rows of a scan: rows that are visible to the reader, match all of the reader's
 * filters, and were not removed by a later erase or replacement. Immutable.
 */
public final class ScanFilter {
  /** All rows. */
  public static final ScanFilter ALL = new ScanFilter(DataMask.NONE, List.of(), List.of());

  private final DataMask mask;
  private final List<RowPredicate> matching;
  private final List<RowPredicate> removed;

  /** Filters that exclude files and row groups; they ignore stored values that are masked. */
  private final List<RowPredicate> pruning = new ArrayList<>();

  private ScanFilter(DataMask mask, List<RowPredicate> matching, List<RowPredicate> removed) {
    this.mask = mask;
    this.matching = List.copyOf(matching);
    this.removed = List.copyOf(removed);
    Set<Integer> masked = mask.maskedColumns();
    mask.rows().ifPresent(pruning::add);
    matching.forEach(filter -> pruning.add(filter.relaxed(masked)));
  }

  /**
   * All rows that were not removed later.
   *
   * @param removed filters on stored values; rows for which one is true are removed
   */
  public static ScanFilter without(List<RowPredicate> removed) {
    return new ScanFilter(DataMask.NONE, List.of(), removed);
  }

  /** The same, but with one more filter. */
  public ScanFilter and(RowPredicate filter) {
    List<RowPredicate> more = new ArrayList<>(matching);
    more.add(filter);
    return new ScanFilter(mask, more, removed);
  }

  /** The same, but shows only rows whose stored values satisfy a condition. */
  public ScanFilter showingRows(RowPredicate shows) {
    return new ScanFilter(mask.andRows(shows), matching, removed);
  }

  /**
   * The same, but shows a column's values only in rows that satisfy a condition; elsewhere they are
   * null, also to the filters of {@link #and}.
   *
   * @param column a top-level column of the table
   */
  public ScanFilter showingCells(Types.NestedField column, RowPredicate shows) {
    return new ScanFilter(mask.andCells(column, shows), matching, removed);
  }

  /** The same over the rows and cells that another filter shows. */
  public ScanFilter restrictedTo(ScanFilter shown) {
    return new ScanFilter(shown.mask, matching, removed);
  }

  /** Returns true if rows are hidden from the reader, other than by its filters. */
  public boolean hidesRows() {
    return mask.hidesRows();
  }

  /**
   * A filter that all selected rows match, and possibly others, to exclude files; empty if any row
   * may be selected.
   */
  public Optional<RowPredicate> pruning() {
    return pruning.isEmpty() ? Optional.empty() : Optional.of(RowPredicate.anyOf(List.of(pruning)));
  }

  /** False only if no row of the file is selected. */
  public boolean mightContain(DataFile file) {
    return pruning.stream().allMatch(filter -> filter.mayMatch(file))
        && removed.stream().noneMatch(filter -> filter.certainlyMatchesAll(file));
  }

  boolean isAll() {
    return matching.isEmpty() && removed.isEmpty() && mask.isNone();
  }

  DataMask mask() {
    return mask;
  }

  /** The same for a projection, without the masks of columns that are neither read nor filtered. */
  ScanFilter over(Schema columns) {
    Set<Integer> filterColumns = new HashSet<>();
    matching.forEach(filter -> filterColumns.addAll(filter.fieldIds()));
    return new ScanFilter(mask.over(columns, filterColumns), matching, removed);
  }

  /** Field IDs of the columns that filters and masks read. */
  Set<Integer> fieldIds() {
    Set<Integer> ids = mask.fieldIds();
    matching.forEach(filter -> ids.addAll(filter.fieldIds()));
    removed.forEach(filter -> ids.addAll(filter.fieldIds()));
    return ids;
  }

  /** The filter of a file with field IDs. */
  ReadFilter over(ParquetReader file) {
    return new FileFilter(file, file.schema());
  }

  /** This filter over a file, whose columns it finds by field ID. */
  private final class FileFilter implements ReadFilter {
    private final ParquetReader file;
    private final Schema columns;
    private final Set<Integer> ids = Set.copyOf(ScanFilter.this.fieldIds());

    FileFilter(ParquetReader file, Schema columns) {
      this.file = file;
      this.columns = columns;
    }

    @Override
    public Set<Integer> fieldIds() {
      return ids;
    }

    /** By bounds and then by bloom filters, which it reads. */
    @Override
    public boolean mightContain(int group, FooterRowGroup statistics) {
      return mightContain(statistics)
          && pruning.stream().allMatch(filter -> filter.mayMatch(file, group));
    }

    @Override
    public boolean mightContain(FooterRowGroup part) {
      return pruning.stream()
          .allMatch(filter -> filter.mayMatch(part, columns, ColumnMatch.BY_FIELD_ID));
    }

    @Override
    public int[] select(VectorBatch rows) {
      return ScanFilter.this.select(rows);
    }
  }

  /**
   * The numbers of the selected rows, in order.
   *
   * @param stored the stored rows of the columns that {@link #fieldIds} names
   */
  private int[] select(VectorBatch stored) {
    VectorBatch masked = mask.maskedColumns(stored);
    RowMask selected = new RowMask(stored.rows());
    selected.flip(stored.rows());
    mask.rows().ifPresent(filter -> selected.and(filter.matches(stored)));
    removed.forEach(filter -> selected.andNot(filter.matches(stored)));
    matching.forEach(filter -> selected.and(filter.matches(masked)));
    return selected.numbers();
  }
}
