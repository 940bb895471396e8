package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.BloomFilter;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.FooterRowGroup;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.ExistingKeys;
import io.meshwork.internal.quality.KeyColumn;
import io.meshwork.internal.quality.KeyRange;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.PublishedFile;
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
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the rows in some data files, read from as few of them as may be: bounds are asked first,
 * then the bloom filters, and of what is left the columns of the key alone are read.
 */
public final class TableKeys implements ExistingKeys {
  private final Schema columns;
  private final FileIO io;
  private final List<FileBounds> files;
  private final @Nullable RowPredicate gone;
  private final Deadline deadline;
  private final MeshAction action;

  private TableKeys(
      Schema columns,
      FileIO io,
      List<FileBounds> files,
      @Nullable RowPredicate gone,
      Deadline deadline,
      MeshAction action) {
    this.columns = columns;
    this.io = io;
    this.files = files;
    this.gone = gone;
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * The keys of these files.
   *
   * @param columns the table's
   * @param files with their statistics
   * @param gone rows for which it is true do not count; null if all do
   */
  public static ExistingKeys of(
      Schema columns,
      FileIO io,
      List<DataFile> files,
      @Nullable RowPredicate gone,
      Deadline deadline,
      MeshAction action) {
    List<FileBounds> bounds = files.stream().map(FileBounds::new).toList();
    return bounds.isEmpty()
        ? ExistingKeys.NONE
        : new TableKeys(columns, io, bounds, gone, deadline, action);
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
  public void find(KeyRange range, Asked keys, Consumer<VectorBatch> receiver) {
    for (FileBounds each : files) {
      if (range.mayMeet(each)) {
        deadline.check(action);
        try (ParquetReader reader = PublishedFile.open(io, each.file)) {
          read(reader, range, keys, receiver);
        } catch (MalformedFileException
            | ColumnMismatchException
            | NotFoundException
            | UncheckedIOException e) {
          throw PublishedFile.unreadable(each.file, action, e);
        }
      }
    }
  }

  private void read(
      ParquetReader reader, KeyRange range, Asked keys, Consumer<VectorBatch> receiver) {
    GroupChoice wanted = reader.hasFieldIds() ? new GroupChoice(reader, range, keys) : null;
    try (BatchReader batches =
        reader.read(
            projection(keys),
            ColumnMatch.BY_FIELD_ID,
            group -> wanted == null || wanted.mightContain(group))) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        VectorBatch counted = counted(rows, keys.filter());
        if (counted.rows() > 0) {
          receiver.accept(counted);
        }
      }
    }
  }

  /** The columns of the keys and those that filters ask. */
  private Schema projection(Asked keys) {
    Set<Integer> ids = new HashSet<>();
    keys.columns().forEach(name -> ids.add(columns.findField(name).fieldId()));
    Optional.ofNullable(gone).ifPresent(filter -> ids.addAll(filter.fieldIds()));
    Optional.ofNullable(keys.filter()).ifPresent(filter -> ids.addAll(filter.fieldIds()));
    return TypeUtil.select(columns, ids);
  }

  private VectorBatch counted(VectorBatch rows, @Nullable RowPredicate filter) {
    if (gone == null && filter == null) {
      return rows;
    }
    RowMask left = new RowMask(rows.rows());
    if (gone != null) {
      left.or(gone.matches(rows));
    }
    left.flip(rows.rows());
    if (filter != null) {
      left.and(filter.matches(rows));
    }
    return rows.gather(left.numbers());
  }

  /** Which row groups of a file are read; each is asked in its turn. */
  private static final class GroupChoice {
    private final ParquetReader reader;
    private final Schema inFile;
    private final KeyRange range;
    private final Asked keys;
    private int group;

    GroupChoice(ParquetReader reader, KeyRange range, Asked keys) {
      this.reader = reader;
      this.inFile = reader.schema();
      this.range = range;
      this.keys = keys;
    }

    boolean mightContain(FooterRowGroup said) {
      int number = group++;
      return range.mayMeet(new GroupBounds(said, inFile)) && keys.anyIn(filters(number));
    }

    private List<@Nullable BloomFilter> filters(int number) {
      List<@Nullable BloomFilter> filters = new ArrayList<>();
      for (KeyColumn column : range.columns()) {
        filters.add(reader.bloomFilter(number, column.fieldId(), column.type()));
      }
      return filters;
    }
  }

  /** What a footer says of a row group; what has another type in the file is not known. */
  private record GroupBounds(FooterRowGroup group, Schema inFile) implements KeyRange.Bounds {
    @Override
    public @Nullable Object least(KeyColumn column) {
      FooterRowGroup.Column said = said(column);
      return said == null ? null : said.lowest();
    }

    @Override
    public @Nullable Object most(KeyColumn column) {
      FooterRowGroup.Column said = said(column);
      return said == null ? null : said.highest();
    }

    private FooterRowGroup.@Nullable Column said(KeyColumn column) {
      Types.NestedField field = inFile.findField(column.fieldId());
      if (field == null || !field.type().equals(column.type())) {
        return null;
      }
      String path = inFile.findColumnName(column.fieldId());
      return group.columns().stream()
          .filter(said -> said.path().equals(path))
          .findFirst()
          .orElse(null);
    }
  }

  /** What a manifest says of a file; a bound is decoded once. */
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
