package io.meshwork.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.table.DataFileEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
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
  boolean mayHold(DataFile file);

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
      public boolean mayHold(DataFile file) {
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
        return whole(live.stream().filter(this::mayHold).toList());
      }

      @Override
      public boolean mayHold(DataFile file) {
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

  /** Those for which a filter is true. */
  static ReplacedRows matching(Predicate filter, RowRemoval removal) {
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
      public boolean mayHold(DataFile file) {
        return filter.mayMatch(file);
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
