package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.PublishedFile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.TypeUtil;

/**
 * Takes the rows that a selection chooses out of data files, by writing anew those that hold others
 * as well. What came of a file is remembered, so that a commit that is tried again only does what
 * it has not done before. One thread.
 */
public final class RowRemoval {
  private final Table table;
  private final FileIO io;
  private final String publishId;
  private final RowSelection filter;
  private final Schema asked;
  private final Deadline deadline;
  private final MeshAction action;
  private final Map<String, Remainder> done = new HashMap<>();
  private final Map<String, Boolean> held = new HashMap<>();
  private int rewrites;

  /**
   * A removal of one publish.
   *
   * @param table for columns, partitioning and folder
   * @param publishId the publish's id, which goes into file names
   * @param filter which rows go
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
    this.asked = projection(table.schema(), filter.fieldIds());
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * What is left of a file.
   *
   * @param rowsRemoved how many of its rows match; if none, the file stays
   * @param files what holds the other rows, where some match
   */
  public record Remainder(long rowsRemoved, List<DataFileEntry> files) {
    private static final Remainder UNTOUCHED = new Remainder(0, List.of());

    /** Copies the files. */
    public Remainder {
      files = List.copyOf(files);
    }
  }

  /**
   * What is left of a data file.
   *
   * @throws BackendException if it is missing or damaged, or what is left cannot be written
   */
  public Remainder of(DataFile file) {
    if (!filter.mayMatch(file)) {
      return Remainder.UNTOUCHED;
    }
    if (filter.certainlyMatchesAll(file)) {
      return new Remainder(file.recordCount(), List.of());
    }
    Remainder known = done.get(file.location());
    if (known == null) {
      known = readFile(file);
      done.put(file.location(), known);
    }
    return known;
  }

  /**
   * True if rows of a file match, which may be one of an earlier snapshot; of one that cannot be
   * read too, unless it is gone. Writes nothing.
   *
   * @throws BackendException if the store failed, and may not the next time
   */
  public boolean holds(DataFile file) {
    Remainder known = done.get(file.location());
    if (known != null) {
      return known.rowsRemoved() > 0;
    } else if (!filter.mayMatch(file)) {
      return false;
    } else if (filter.certainlyMatchesAll(file)) {
      return true;
    }
    return held.computeIfAbsent(file.location(), unread -> findIn(file));
  }

  private boolean findIn(DataFile file) {
    try (ParquetReader reader = PublishedFile.open(io, file)) {
      return matching(reader) > 0;
    } catch (NotFoundException e) {
      return false;
    } catch (MalformedFileException | ColumnMismatchException | InvalidRequestException e) {
      return true;
    } catch (UncheckedIOException e) {
      throw PublishedFile.unreadable(file, action, e);
    }
  }

  /** Deletes what was written, but for files that a commit names. */
  public void discardAllBut(Set<String> committed) {
    List<String> unused = new ArrayList<>();
    for (Remainder remainder : done.values()) {
      for (DataFileEntry entry : remainder.files()) {
        if (!committed.contains(entry.location())) {
          unused.add(entry.location());
        }
      }
    }
    WrittenFiles.delete(io, unused);
  }

  /** Counts first, by the filter's columns alone, since most files have no row to take out. */
  private Remainder readFile(DataFile file) {
    try (ParquetReader reader = PublishedFile.open(io, file)) {
      long matching = matching(reader);
      if (matching == 0) {
        return Remainder.UNTOUCHED;
      } else if (matching == reader.rows()) {
        return new Remainder(matching, List.of());
      }
      return new Remainder(matching, rewritten(reader));
    } catch (MalformedFileException
        | ColumnMismatchException
        | NotFoundException
        | UncheckedIOException e) {
      throw PublishedFile.unreadable(file, action, e);
    }
  }

  private long matching(ParquetReader reader) {
    long matching = 0;
    try (BatchReader batches = reader.read(asked, ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        matching += filter.matches(rows).count();
      }
    }
    return matching;
  }

  private List<DataFileEntry> rewritten(ParquetReader reader) {
    DataFileWriter writer = new DataFileWriter(table, io, publishId + "-r" + rewrites++, action);
    boolean kept = false;
    try (BatchReader batches = reader.read(table.schema(), ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        RowMask gone = filter.matches(rows);
        writer.write(gone.isEmpty() ? rows : rows.gather(gone.complement(rows.rows())));
      }
      List<DataFileEntry> files = writer.finish();
      kept = true;
      return files;
    } finally {
      if (!kept) {
        writer.abandon();
      }
    }
  }

  /** The columns that the filter asks, whole where it asks a part of one. */
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
