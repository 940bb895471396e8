package io.meshwork.internal.replacement;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.table.DataFileEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.StructLikeSet;

/** The existing rows that one publish removes. Not thread-safe. */
public interface ReplacedRows {
  /**
   * The removal of rows.
   *
   * @param files live files to remove
   * @param rewritten files with their retained rows
   * @param rows the number of rows to remove
   */
  record Removal(List<DataFile> files, List<DataFileEntry> rewritten, long rows) {}

  /** Removes the rows from the live files; called in each attempt. */
  Removal remove(List<DataFile> live);

  /** True if a file may contain some of the rows; always true if it contains some. */
  boolean mightContain(DataFile file);

  /** The locations of the rows in all snapshots; only for an erase, before its update. */
  default ErasedRowLocations locate(Table table) {
    return ErasedRowLocations.NONE;
  }

  /** Deletes the rewritten files that were not committed. */
  default void discardAllBut(Set<String> committed) {}

  static ReplacedRows all() {
    return new ReplacedRows() {
      @Override
      public Removal remove(List<DataFile> live) {
        return entireFiles(live);
      }

      @Override
      public boolean mightContain(DataFile file) {
        return true;
      }
    };
  }

  /** The rows of the partitions that the new files belong to. */
  static ReplacedRows partitionsOf(
      PartitionSpec spec, List<DataFileEntry> incoming, MeshAction action) {
    Types.StructType type = spec.partitionType();
    StructLikeSet touched = StructLikeSet.create(type);
    incoming.forEach(entry -> touched.add(entry.toDataFile(spec).partition()));
    return new ReplacedRows() {
      @Override
      public Removal remove(List<DataFile> live) {
        return entireFiles(live.stream().filter(this::mightContain).toList());
      }

      @Override
      public boolean mightContain(DataFile file) {
        if (file.specId() != spec.specId()) {
          throw Failure.of(action.on("by replacePartitions()"))
              .because(
                  "some files have an earlier partition spec of the table, so their partition is"
                      + " unknown")
              .state("Nothing was published.")
              .fix("Use replaceWhere(..).")
              .conflict(ErrorCode.STATE_CONFLICT);
        }
        return touched.contains(file.partition());
      }
    };
  }

  /** The rows that match a filter; file statistics show which files may contain them. */
  static ReplacedRows matching(RowSelection filter, RowRemoval removal) {
    return matching(removal, filter::mayMatch);
  }

  /** The rows that match a filter that statistics do not cover; each file is read once. */
  static ReplacedRows matchingByContent(RowRemoval removal) {
    return matching(removal, removal::matches);
  }

  private static ReplacedRows matching(RowRemoval removal, Predicate<DataFile> mightContain) {
    ErasedRowLocator locator = new ErasedRowLocator(removal);
    return new ReplacedRows() {
      @Override
      public Removal remove(List<DataFile> live) {
        List<DataFile> files = new ArrayList<>();
        List<DataFileEntry> rewritten = new ArrayList<>();
        long rows = 0;
        for (DataFile file : live) {
          RowRemoval.Result result = removal.removeFrom(file);
          if (result.rowsRemoved() > 0) {
            files.add(file);
            rewritten.addAll(result.files());
            rows += result.rowsRemoved();
          }
        }
        return new Removal(files, rewritten, rows);
      }

      @Override
      public boolean mightContain(DataFile file) {
        return mightContain.test(file);
      }

      @Override
      public ErasedRowLocations locate(Table table) {
        return locator.locate(table);
      }

      @Override
      public void discardAllBut(Set<String> committed) {
        removal.discardAllBut(committed);
      }
    };
  }

  private static Removal entireFiles(List<DataFile> files) {
    return new Removal(files, List.of(), files.stream().mapToLong(DataFile::recordCount).sum());
  }
}
