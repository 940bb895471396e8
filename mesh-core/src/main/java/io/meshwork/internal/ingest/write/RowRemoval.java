package io.meshwork.internal.ingest.write;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.TypeUtil;

/**
 * Removes selected rows from data files, by rewriting files that contain other rows too. Results
 * are cached, so a repeated commit attempt processes only new files. Not thread-safe.
 */
public final class RowRemoval {
  private final Table table;
  private final FileIO io;
  private final String publishId;
  private final RowSelection filter;
  private final Schema filterColumns;
  private final ColumnNames names;
  private final Deadline deadline;
  private final MeshAction action;
  private final Map<String, Result> results = new HashMap<>();
  private final Map<String, Boolean> matchingFiles = new HashMap<>();
  private int rewrites;

  /**
   * Creates the removal of one publish.
   *
   * @param table the table with the columns, the partition spec, and the location
   * @param publishId the ID of the publish, which file names contain
   * @param filter selects the rows to remove
   */
  public RowRemoval(
      Table table,
      FileIO io,
      String publishId,
      RowSelection filter,
      Deadline deadline,
      MeshAction action) {
    this.table = table;
    this.io = io;
    this.publishId = publishId;
    this.filter = filter;
    this.names = ColumnNames.of(table);
    this.filterColumns = projection(table.schema(), filter.fieldIds());
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * The result for one file.
   *
   * @param rowsRemoved the number of matching rows; if 0, the file is retained
   * @param files the rewritten files with its other rows, if some rows match
   */
  public record Result(long rowsRemoved, List<DataFileEntry> files) {
    private static final Result UNCHANGED = new Result(0, List.of());

    public Result {
      files = List.copyOf(files);
    }
  }

  /**
   * Removes the rows from a data file.
   *
   * @throws io.meshwork.error.BackendException if it is missing or damaged, or cannot be rewritten
   */
  public Result removeFrom(DataFile file) {
    if (!filter.mayMatch(file)) {
      return Result.UNCHANGED;
    }
    if (filter.certainlyMatchesAll(file)) {
      return new Result(file.recordCount(), List.of());
    }
    Result result = results.get(file.location());
    if (result == null) {
      result = rewrite(file);
      results.put(file.location(), result);
    }
    return result;
  }

  /**
   * True if a file, which may belong to an earlier snapshot, contains matching rows or is damaged.
   * Writes nothing.
   *
   * @throws io.meshwork.error.BackendException if the file cannot be read now; retryable
   */
  public boolean matches(DataFile file) {
    Result result = results.get(file.location());
    if (result != null) {
      return result.rowsRemoved() > 0;
    } else if (!filter.mayMatch(file)) {
      return false;
    } else if (filter.certainlyMatchesAll(file)) {
      return true;
    }
    return matchingFiles.computeIfAbsent(file.location(), location -> containsMatch(file));
  }

  private boolean containsMatch(DataFile file) {
    try (ParquetReader reader = PublishedFile.open(io, names, file)) {
      return countMatches(reader) > 0;
    } catch (NotFoundException e) {
      return false;
    } catch (UnreadableFileException | ColumnMismatchException | InvalidRequestException e) {
      return true;
    } catch (UncheckedIOException e) {
      throw PublishedFile.unreadable(table, file, action, e);
    }
  }

  /**
   * Counts the matching rows of a file by reading it, whatever its statistics say. Writes nothing.
   *
   * @return empty if its rows are unknown: it is damaged, or missing, and may have been moved; 0
   *     for a missing file whose bounds exclude the rows
   * @throws io.meshwork.error.BackendException if the file cannot be read now; retryable
   */
  public OptionalLong readMatches(DataFile file) {
    OptionalLong missing = filter.mayMatch(file) ? OptionalLong.empty() : OptionalLong.of(0);
    return readMatches(file, missing, () -> PublishedFile.open(io, names, file));
  }

  /**
   * Counts the matching rows of a file that no snapshot references, so that its number of rows is
   * not known.
   *
   * @param file its location and length
   * @return 0 also for a missing file; empty if it is damaged
   */
  public OptionalLong readUnreferencedMatches(DataFile file) {
    return readMatches(
        file, OptionalLong.of(0), () -> PublishedFile.openUnreferenced(io, names, file.location()));
  }

  private OptionalLong readMatches(
      DataFile file, OptionalLong missing, Supplier<ParquetReader> opening) {
    try (ParquetReader reader = opening.get()) {
      return OptionalLong.of(countMatches(reader));
    } catch (NotFoundException e) {
      return missing;
    } catch (UnreadableFileException | ColumnMismatchException | InvalidRequestException e) {
      return OptionalLong.empty();
    } catch (UncheckedIOException e) {
      throw PublishedFile.unreadable(table, file, action, e);
    }
  }

  /** Deletes the rewritten files except committed ones. */
  public void discardAllBut(Set<String> committed) {
    List<String> unused = new ArrayList<>();
    for (Result result : results.values()) {
      for (DataFileEntry entry : result.files()) {
        if (!committed.contains(entry.location())) {
          unused.add(entry.location());
        }
      }
    }
    UncommittedFiles.delete(io, unused);
  }

  /** Counts the matches first, reading only the filter's columns: most files have no match. */
  private Result rewrite(DataFile file) {
    try (ParquetReader reader = PublishedFile.open(io, names, file)) {
      long matches = countMatches(reader);
      if (matches == 0) {
        return Result.UNCHANGED;
      } else if (matches == reader.rows()) {
        return new Result(matches, List.of());
      }
      return new Result(matches, rewrite(reader));
    } catch (UnreadableFileException
        | ColumnMismatchException
        | NotFoundException
        | UncheckedIOException e) {
      throw PublishedFile.unreadable(table, file, action, e);
    }
  }

  private long countMatches(ParquetReader reader) {
    long matches = 0;
    try (BatchReader batches = reader.read(filterColumns, ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        matches += filter.matches(rows).count();
      }
    }
    return matches;
  }

  private List<DataFileEntry> rewrite(ParquetReader reader) {
    DataFileWriter writer = new DataFileWriter(table, io, publishId + "-r" + rewrites++, action);
    boolean finished = false;
    try (BatchReader batches = reader.read(table.schema(), ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        RowMask removed = filter.matches(rows);
        writer.write(removed.isEmpty() ? rows : rows.gather(removed.complement(rows.rows())));
      }
      List<DataFileEntry> files = writer.finish();
      finished = true;
      return files;
    } finally {
      if (!finished) {
        writer.abandon();
      }
    }
  }

  /** The top-level columns that the filter refers to. */
  private static Schema projection(Schema schema, Set<Integer> fieldIds) {
    return new Schema(
        schema.columns().stream()
            .filter(
                column -> {
                  Set<Integer> within = new HashSet<>(TypeUtil.getProjectedIds(column.type()));
                  within.add(column.fieldId());
                  within.retainAll(fieldIds);
                  return !within.isEmpty();
                })
            .toList());
  }
}
