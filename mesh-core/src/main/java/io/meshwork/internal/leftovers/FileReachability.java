package io.meshwork.internal.leftovers;

import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.TableFiles;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that a table references, and why they may be incomplete.
 *
 * @param files null if the table does not exist
 * @param uncertainty why unreferenced files cannot be determined, as sentences; empty if they can
 */
public record FileReachability(@Nullable TableFiles files, String uncertainty) {
  public static final FileReachability NOTHING = new FileReachability(null, "");

  /**
   * Reads the files of a table.
   *
   * @param pinned the current table
   * @param earlier the files of an earlier version of the table; null if there is none
   */
  public static FileReachability of(
      MeshTables tables, Optional<PinnedTable> pinned, @Nullable TableFiles earlier) {
    if (pinned.isEmpty()) {
      return NOTHING;
    }
    PinnedTable table = pinned.get();
    TableFiles files = TableFiles.of(tables, table, earlier);
    boolean elsewhere =
        !tables.comparable(table.table().location()).equals(tables.comparable(table.folder()));
    return new FileReachability(files, uncertainty(elsewhere, table, files));
  }

  public boolean references(String location) {
    return files != null && files.references(location);
  }

  /** Returns true if a referenced file has the name of this one. */
  public boolean hasName(String location) {
    return files != null && files.hasName(location);
  }

  private static String uncertainty(boolean elsewhere, PinnedTable table, TableFiles files) {
    if (!files.unreadable().isEmpty()) {
      return "Its "
          + files.unreadable().get(0).what()
          + " cannot be read ("
          + files.unreadable().get(0).cause()
          + "), so its referenced files cannot be determined. Nothing was removed.";
    }
    if (!table.differences().isEmpty()) {
      return "Pointer and metadata do not agree: "
          + table.differences().get(0)
          + ". Nothing was removed.";
    }
    // References with another prefix than the listed files would make all files look unused.
    if (elsewhere) {
      return "Its metadata names another folder than the one that contains it, so locations cannot"
          + " be compared. Nothing was removed.";
    }
    return "";
  }
}
