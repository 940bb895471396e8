package io.meshwork.internal.maintenance;

import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.PinnedTable;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a table reaches, for deciding what it does not reach; and what speaks against deciding that.
 *
 * @param files empty for a table that is not there
 * @param doubts why nothing may be concluded, as a sentence; empty if all is certain
 */
record FileReachability(@Nullable TableFiles files, String doubts) {
  /**
   * Walks a table.
   *
   * @param tables whose table it is
   * @param folder the table's folder
   * @param pinned the table as it is now
   * @param listed the files that are there
   */
  static FileReachability of(
      MeshTables tables, String folder, Optional<PinnedTable> pinned, Set<String> listed) {
    if (pinned.isEmpty()) {
      return new FileReachability(null, "");
    }
    PinnedTable table = pinned.get();
    TableFiles files = TableFiles.of(tables, folder, table);
    boolean elsewhere =
        !tables.comparable(table.table().location()).equals(tables.comparable(folder));
    return new FileReachability(files, doubts(elsewhere, table, files, listed));
  }

  boolean reaches(String location) {
    return files != null && files.reach(location);
  }

  private static String doubts(
      boolean elsewhere, PinnedTable table, TableFiles files, Set<String> listed) {
    if (!files.unreadable().isEmpty()) {
      return "Its "
          + files.unreadable().get(0).what()
          + " cannot be read ("
          + files.unreadable().get(0).cause()
          + "), so nobody knows which files it needs. Nothing was removed.";
    }
    if (!table.differences().isEmpty()) {
      return "Pointer and metadata do not agree: "
          + table.differences().get(0)
          + ". Nothing was removed.";
    }
    // Names that begin otherwise than those that are listed would make all of them look left over.
    if (elsewhere) {
      return "Its metadata names another folder than the one that it lies in, so names cannot be"
          + " compared. Nothing was removed.";
    }
    // An attempt writes the number after the present one; a later one rests on a commit.
    long newest = OrphanFile.newestMetadata(listed);
    if (newest > table.number() + 1L) {
      return "There is metadata of commit "
          + newest
          + ", and the registry knows "
          + table.number()
          + " commits of this table, so the registry is older than the files. Nothing was removed.";
    }
    return "";
  }
}
