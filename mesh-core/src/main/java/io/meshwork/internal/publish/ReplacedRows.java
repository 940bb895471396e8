package io.meshwork.internal.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.ingest.RowSelection;
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

/** Which of the rows that are there a publish takes away. Belongs to one publish and one thread. */
interface ReplacedRows {
  /**
   * What goes.
   *
   * @param files live files that go
   * @param rewritten files that hold what is left of them
   * @param rows rows that are no more
   */
  record Outgoing(List<DataFile> files, List<DataFileEntry> rewritten, long rows) {}

  /** What goes of the live files; asked anew in each attempt. */
  Outgoing of(List<DataFile> live);

  /** True if rows of a file may lie within; it may have no statistics, and never lies. */
  boolean mightContain(DataFile file);

  /** Where the rows lie besides; asked for an erase alone, of the table before it. */
  default ErasedRows elsewhere(Table table) {
    return ErasedRows.NONE;
  }

  /** Deletes what was written and is not committed. */
  default void discardAllBut(Set<String> committed) {}

  /** All of them. */
  static ReplacedRows all() {
    return new ReplacedRows() {
      @Override
      public Outgoing of(List<DataFile> live) {
        return whole(live);
      }

      @Override
      public boolean mightContain(DataFile file) {
        return true;
      }
    };
  }

  /** Those of the partitions that new files lie in. */
  static ReplacedRows partitionsOf(PartitionSpec spec, List<DataFileEntry> incoming) {
    Types.StructType type = spec.partitionType();
    StructLikeSet touched = StructLikeSet.create(type);
    incoming.forEach(entry -> touched.add(entry.toDataFile(spec).partition()));
    return new ReplacedRows() {
      @Override
      public Outgoing of(List<DataFile> live) {
        return whole(live.stream().filter(this::mightContain).toList());
      }

      @Override
      public boolean mightContain(DataFile file) {
        if (file.specId() != spec.specId()) {
          throw new ConflictException(
              ErrorCode.STATE_CONFLICT,
              "Cannot replace partitions: some files lie by a former partitioning of the table, so"
                  + " nobody can say which partition they are of. Nothing was published. Use"
                  + " replacingWhere(..).");
        }
        return touched.contains(file.partition());
      }
    };
  }

  /** Those for which a filter is true; statistics of files tell where they may lie. */
  static ReplacedRows matching(RowSelection filter, RowRemoval removal) {
    return matching(removal, filter::mayMatch);
  }

  /** The same of files whose statistics tell nothing, which are read instead, each once. */
  static ReplacedRows matchingByContent(RowRemoval removal) {
    return matching(removal, removal::holds);
  }

  private static ReplacedRows matching(RowRemoval removal, Predicate<DataFile> mightContain) {
    ErasedRowLocator locator = new ErasedRowLocator(removal);
    return new ReplacedRows() {
      @Override
      public Outgoing of(List<DataFile> live) {
        List<DataFile> files = new ArrayList<>();
        List<DataFileEntry> rewritten = new ArrayList<>();
        long rows = 0;
        for (DataFile file : live) {
          RowRemoval.Remainder remainder = removal.of(file);
          if (remainder.rowsRemoved() > 0) {
            files.add(file);
            rewritten.addAll(remainder.files());
            rows += remainder.rowsRemoved();
          }
        }
        return new Outgoing(files, rewritten, rows);
      }

      @Override
      public boolean mightContain(DataFile file) {
        return mightContain.test(file);
      }

      @Override
      public ErasedRows elsewhere(Table table) {
        return locator.in(table);
      }

      @Override
      public void discardAllBut(Set<String> committed) {
        removal.discardAllBut(committed);
      }
    };
  }

  private static Outgoing whole(List<DataFile> files) {
    return new Outgoing(files, List.of(), files.stream().mapToLong(DataFile::recordCount).sum());
  }
}
