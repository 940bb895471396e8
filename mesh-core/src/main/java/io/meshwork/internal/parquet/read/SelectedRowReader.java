package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.RowRanges;
import io.meshwork.internal.parquet.page.ColumnTasks;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a row group that a filter selects: first the columns of the filter, and of the
 * others only the pages and rows that are selected. Not thread-safe.
 */
final class SelectedRowReader {
  private static final int[] NONE = new int[0];

  private final Schema projection;
  private final List<ColumnSource> sources;
  private final ReadFilter filter;
  private final BatchLimit limit;
  private final ColumnTasks tasks;

  /** Whether the filter reads each column. */
  private final boolean[] filtered;

  private final Schema filterSchema;
  private RowRanges ranges = RowRanges.all(0);

  /** Rows of the next window, and the same number at the start of the row group. */
  private int windowRows;

  private int groupWindowRows;

  /** The most selected rows whose other columns are read at a time. */
  private int otherRows;

  /** The next row of the row group that the filter did not evaluate. */
  private long next;

  /** The window that the filter evaluated: its first row, rows, and the filter's columns. */
  private long windowStart;

  private int windowSize;
  private final @Nullable Vector[] window;
  private int[] selected = NONE;

  /** The number of selected rows of the window that were returned. */
  private int returned;

  SelectedRowReader(
      Schema projection,
      List<ColumnSource> sources,
      ReadFilter filter,
      BatchLimit limit,
      ColumnTasks tasks) {
    this.projection = projection;
    this.sources = sources;
    this.filter = filter;
    this.limit = limit;
    this.tasks = tasks;
    this.filtered = new boolean[sources.size()];
    this.window = new @Nullable Vector[sources.size()];
    Set<Integer> wanted = filter.fieldIds();
    List<NestedField> columns = new ArrayList<>();
    for (int i = 0; i < filtered.length; i++) {
      NestedField column = projection.columns().get(i);
      Set<Integer> within = TypeUtil.indexById(Types.StructType.of(column)).keySet();
      filtered[i] = within.stream().anyMatch(wanted::contains);
      if (filtered[i]) {
        columns.add(column);
      }
    }
    this.filterSchema = new Schema(columns);
  }

  /**
   * Starts a row group.
   *
   * @param rows the rows that may be selected
   * @param most the most rows to read at a time
   */
  void open(RowRanges rows, int most) {
    ranges = rows;
    windowRows = most;
    groupWindowRows = most;
    otherRows = most;
    next = 0;
    selected = NONE;
    returned = 0;
  }

  /** Returns true if all selected rows were returned, and no further row may be selected. */
  boolean isAtEnd() {
    return returned == selected.length && ranges.next(next) < 0;
  }

  /** Returns the next selected rows; null at the end of the row group. */
  @Nullable VectorBatch next() {
    while (returned == selected.length) {
      long start = ranges.next(next);
      if (start < 0) {
        return null;
      }
      readWindow(start, ranges.end(start));
    }
    int most = Math.min(selected.length - returned, otherRows);
    int[] rest = Arrays.copyOfRange(selected, returned, returned + most);
    @Nullable Vector[] vectors = new Vector[sources.size()];
    List<Integer> others = columns(false);
    int count =
        limit.read(
            most,
            leaves(others),
            rows -> {
              int[] chosen = Arrays.copyOf(rest, rows);
              // Of a page with one chosen row, all is decompressed.
              read(others, windowSize, i -> vectors[i] = sources.get(i).read(windowStart, chosen));
            });
    otherRows = next(others, otherRows, most, count, groupWindowRows);
    int[] chosen = count == rest.length ? rest : Arrays.copyOf(rest, count);
    for (int i : columns(true)) {
      Vector all = Objects.requireNonNull(window[i], "the filter's columns are read first");
      vectors[i] = chosen.length == windowSize ? all : all.gather(chosen);
    }
    returned += count;
    return new VectorBatch(
        projection, Stream.of(vectors).map(Objects::requireNonNull).toList(), count);
  }

  /** Reads the filter's columns of the next rows, and evaluates it. */
  private void readWindow(long start, long end) {
    for (int i = 0; i < filtered.length; i++) {
      if (filtered[i]) {
        sources.get(i).skipTo(start, end);
      }
    }
    int most = (int) Math.min(windowRows, end - start);
    List<Integer> ofFilter = columns(true);
    int rows =
        limit.read(
            most,
            leaves(ofFilter),
            some -> read(ofFilter, some, i -> window[i] = nextRows(sources.get(i), some)));
    windowRows = next(ofFilter, windowRows, most, rows, groupWindowRows);
    List<Vector> columns = new ArrayList<>();
    for (int i = 0; i < filtered.length; i++) {
      if (filtered[i]) {
        columns.add(Objects.requireNonNull(window[i], "a column of the filter was read"));
      }
    }
    selected = filter.select(new VectorBatch(filterSchema, columns, rows));
    returned = 0;
    windowStart = start;
    windowSize = rows;
    next = start + rows;
  }

  /** Returns how many rows to read next time, where the last time so many of so many were read. */
  private int next(List<Integer> columns, int before, int wanted, int read, int most) {
    if (read < wanted) {
      return read;
    }
    long flat = columns.stream().mapToLong(i -> sources.get(i).flatBytes()).max().orElse(0);
    return limit.hasCapacity(flat) ? Math.min(most, before * 2) : before;
  }

  private static Vector nextRows(ColumnSource source, int rows) {
    return source.nested() == null ? source.read(rows) : source.nested().read(rows);
  }

  /** Returns the columns that the filter reads, or the others. */
  private List<Integer> columns(boolean ofFilter) {
    return IntStream.range(0, filtered.length)
        .filter(i -> filtered[i] == ofFilter)
        .boxed()
        .toList();
  }

  private List<ChunkReader> leaves(List<Integer> columns) {
    List<ChunkReader> leaves = new ArrayList<>();
    columns.forEach(i -> leaves.addAll(sources.get(i).leaves()));
    return leaves;
  }

  /** Reads columns, the flat ones in parallel if there are many rows to decode. */
  private void read(List<Integer> columns, int decoded, IntConsumer step) {
    List<Runnable> flat = new ArrayList<>();
    for (int i : columns) {
      if (sources.get(i).nested() == null) {
        flat.add(() -> step.accept(i));
      } else {
        step.accept(i);
      }
    }
    tasks.run(flat, decoded);
  }
}
