package io.meshwork.maintenance;

import io.meshwork.internal.table.PinnedTable;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a table reaches, for deciding what it does not reach; and what speaks against deciding that.
 *
 * @param files empty for a table that is not there
 * @param doubts why nothing may be concluded, as a sentence; empty if all is certain
 */
record Reach(@Nullable TableFiles files, String doubts) {
  /**
   * Walks a table.
   *
   * @param folder the table's folder
   * @param pinned the table as it is now
   * @param listed the files that are there
   */
  static Reach of(String folder, Optional<PinnedTable> pinned, Set<String> listed) {
    if (pinned.isEmpty()) {
      return new Reach(null, "");
    }
    PinnedTable table = pinned.get();
    TableFiles files = TableFiles.of(table);
    return new Reach(files, doubts(folder, table, files, listed));
  }

  boolean reaches(String location) {
    return files != null && files.reach(location);
  }

  private static String doubts(
      String folder, PinnedTable table, TableFiles files, Set<String> listed) {
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
    long elsewhere =
        Stream.of(files.content().keySet(), files.manifests().keySet(), files.metadata())
            .flatMap(Set::stream)
            .filter(location -> !location.startsWith(folder + "/"))
            .count();
    if (elsewhere > 0) {
      return elsewhere
          + " files of its snapshots are named outside of its folder, so names cannot be compared."
          + " Nothing was removed.";
    }
    // An attempt writes the number after the present one; a later one rests on a commit.
    long newest = Orphan.newestMetadata(listed);
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
