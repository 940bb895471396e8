package io.meshwork.internal.uniqueness;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.uniqueness.UniqueKeyCheck.TableDataFiles;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows in some data files. Column bounds and then bloom filters exclude files and
 * row groups; of the others, only the key columns are read.
 */
final class TableKeys implements ExistingKeys {
  private final Schema columns;
  private final TableDataFiles opener;
  private final List<FileBounds> files;
  private final @Nullable RowPredicate removed;
  private final Deadline deadline;
  private final MeshAction action;

  private TableKeys(
      Schema columns,
      TableDataFiles opener,
      List<FileBounds> files,
      @Nullable RowPredicate removed,
      Deadline deadline,
      MeshAction action) {
    this.columns = columns;
    this.opener = opener;
    this.files = files;
    this.removed = removed;
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * Returns the keys of data files.
   *
   * @param columns the columns of the table
   * @param opener opens the data files
   * @param files the data files with their statistics
   * @param removed selects rows to ignore; null to include all
   */
  static ExistingKeys of(
      Schema columns,
      TableDataFiles opener,
      List<DataFile> files,
      @Nullable RowPredicate removed,
      Deadline deadline,
      MeshAction action) {
    List<FileBounds> bounds = files.stream().map(FileBounds::new).toList();
    return bounds.isEmpty()
        ? ExistingKeys.NONE
        : new TableKeys(columns, opener, bounds, removed, deadline, action);
  }

  @Override
  public boolean mightContain(KeyRange range) {
    return files.stream().anyMatch(range::mayMeet);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.meshwork.error.BackendException DATA_DAMAGED if a file is missing or damaged,
   *     BACKEND_FAILED if it could not be read
   */
  @Override
  public void find(KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver) {
    for (FileBounds each : files) {
      if (range.mayMeet(each)) {
        deadline.check(action);
        try (ParquetReader reader = opener.open(each.file)) {
          read(reader, range, keys, receiver);
        } catch (UnreadableFileException
            | ColumnMismatchException
            | NotFoundException
            | UncheckedIOException e) {
          throw opener.unreadable(each.file, action, e);
        }
      }
    }
  }

  private void read(
      ParquetReader reader, KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver) {
    RowGroupFilter rowGroups =
        reader.hasFieldIds() ? new RowGroupFilter(reader, range, keys) : null;
    try (BatchReader batches =
        reader.read(
            projection(keys),
            ColumnMatch.BY_FIELD_ID,
            group -> rowGroups == null || rowGroups.mightContain(group))) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        VectorBatch retained = retained(rows, keys.filter());
        if (retained.rows() > 0) {
          receiver.accept(retained);
        }
      }
    }
  }

  /** The columns of the keys and of the filters. */
  private Schema projection(RequestedKeys keys) {
    Set<Integer> ids = new HashSet<>();
    keys.columns().forEach(name -> ids.add(columns.findField(name).fieldId()));
    Optional.ofNullable(removed).ifPresent(filter -> ids.addAll(filter.fieldIds()));
    Optional.ofNullable(keys.filter()).ifPresent(filter -> ids.addAll(filter.fieldIds()));
    return TypeUtil.select(columns, ids);
  }

  private VectorBatch retained(VectorBatch rows, @Nullable RowPredicate filter) {
    if (removed == null && filter == null) {
      return rows;
    }
    RowMask retained = new RowMask(rows.rows());
    if (removed != null) {
      retained.or(removed.matches(rows));
    }
    retained.flip(rows.rows());
    if (filter != null) {
      retained.and(filter.matches(rows));
    }
    return rows.gather(retained.numbers());
  }

  /** Selects the row groups of a file to read; called for each group in order. */
  private static final class RowGroupFilter {
    private final ParquetReader reader;
    private final Schema inFile;
    private final KeyRange range;
    private final RequestedKeys keys;
    private int group;

    RowGroupFilter(ParquetReader reader, KeyRange range, RequestedKeys keys) {
      this.reader = reader;
      this.inFile = reader.schema();
      this.range = range;
      this.keys = keys;
    }

    boolean mightContain(FooterRowGroup rowGroup) {
      int number = group++;
      return range.mayMeet(new RowGroupBounds(rowGroup, inFile)) && keys.anyIn(filters(number));
    }

    private List<@Nullable BloomFilter> filters(int number) {
      List<@Nullable BloomFilter> filters = new ArrayList<>();
      for (KeyColumn column : range.columns()) {
        filters.add(reader.bloomFilter(number, column.fieldId(), column.type()));
      }
      return filters;
    }
  }

  /** The bounds of a row group in the file's footer; none for columns of other types. */
  private record RowGroupBounds(FooterRowGroup group, Schema inFile) implements KeyRange.Bounds {
    @Override
    public @Nullable Object least(KeyColumn column) {
      FooterRowGroup.FooterColumnChunk statistics = statistics(column);
      return statistics == null ? null : statistics.lowest();
    }

    @Override
    public @Nullable Object most(KeyColumn column) {
      FooterRowGroup.FooterColumnChunk statistics = statistics(column);
      return statistics == null ? null : statistics.highest();
    }

    private FooterRowGroup.@Nullable FooterColumnChunk statistics(KeyColumn column) {
      Types.NestedField field = inFile.findField(column.fieldId());
      if (field == null || !field.type().equals(column.type())) {
        return null;
      }
      String path = inFile.findColumnName(column.fieldId());
      return group.columns().stream()
          .filter(chunk -> chunk.path().equals(path))
          .findFirst()
          .orElse(null);
    }
  }

  /** The bounds of a file in its manifest; each is decoded once. */
  private static final class FileBounds implements KeyRange.Bounds {
    private final DataFile file;
    private final Map<Integer, Optional<Object>> lower = new HashMap<>();
    private final Map<Integer, Optional<Object>> upper = new HashMap<>();

    FileBounds(DataFile file) {
      this.file = file;
    }

    @Override
    public @Nullable Object least(KeyColumn column) {
      return lower
          .computeIfAbsent(column.fieldId(), id -> decoded(file.lowerBounds(), column))
          .orElse(null);
    }

    @Override
    public @Nullable Object most(KeyColumn column) {
      return upper
          .computeIfAbsent(column.fieldId(), id -> decoded(file.upperBounds(), column))
          .orElse(null);
    }

    private static Optional<Object> decoded(
        @Nullable Map<Integer, ByteBuffer> bounds, KeyColumn column) {
      ByteBuffer bytes = bounds == null ? null : bounds.get(column.fieldId());
      return bytes == null
          ? Optional.empty()
          : Optional.of(Conversions.fromByteBuffer(column.type(), bytes));
    }
  }
}
