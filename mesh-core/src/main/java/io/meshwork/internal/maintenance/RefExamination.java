package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.ErasedFiles;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.SnapshotRef;

/**
 * Looks at what main and the other branches and tags of one table name: files outside of the
 * table's folder, files that are named twice, and files that hold rows that were erased. Such
 * snapshots are older than the checks that a commit goes through now. Where a location leads is
 * never said: somebody else may have chosen it.
 */
final class RefExamination {
  private final String place;
  private final ErasedFiles erased;
  private final TableFiles files;

  RefExamination(String place, ErasedFiles erased, TableFiles files) {
    this.place = place;
    this.erased = erased;
    this.files = files;
  }

  /** Adds what is found. */
  void examine(List<Finding> findings) {
    if (!files.outside().isEmpty()) {
      findings.add(outside());
    }
    files
        .byRef()
        .forEach(
            (ref, named) -> {
              long twice = twice(named).size();
              if (twice > 0) {
                findings.add(namedTwice(ref, twice));
              }
              long held = erased.findIn(named).size();
              if (held > 0) {
                findings.add(holdsErased(ref, held));
              }
            });
  }

  /** Files that are named more than once, by their first spelling. */
  static Set<String> twice(List<String> named) {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new TreeSet<>();
    for (String location : named) {
      String one = CanonicalLocation.comparable(location);
      if (!seen.add(one)) {
        twice.add(one);
      }
    }
    return twice;
  }

  private Finding outside() {
    Set<String> refs = new TreeSet<>();
    for (Map.Entry<String, List<String>> ref : files.byRef().entrySet()) {
      if (ref.getValue().stream().anyMatch(files::isOutside)) {
        refs.add(ref.getKey());
      }
    }
    boolean ofMain = refs.contains(SnapshotRef.MAIN_BRANCH);
    return new Finding(
        "FILE_OUTSIDE",
        ofMain ? Severity.ERROR : Severity.WARNING,
        place,
        files.outside().size()
            + " files that retained snapshots name lie outside of the table's folder. They were"
            + " not looked at, are in no backup, and are never deleted. They are named by "
            + (refs.isEmpty()
                ? "no branch and no tag, but by snapshots that stay for a while, or as statistics."
                : refs.stream().map(RefExamination::format).collect(Collectors.joining(", "))
                    + "."),
        files.outside().size(),
        List.of(),
        ofMain
            ? "Bring the rows into the mesh: replace all rows through MeshClient.publish(..)."
            : refs.isEmpty()
                ? "Wait for maintenance, which forgets such snapshots after a week; drop statistics"
                    + " with the engine that made them."
                : "Drop these branches and tags with the engine that made them; maintenance then"
                    + " forgets their snapshots.");
  }

  private Finding namedTwice(String ref, long twice) {
    boolean ofMain = ref.equals(SnapshotRef.MAIN_BRANCH);
    return new Finding(
        "FILE_TWICE",
        ofMain ? Severity.ERROR : Severity.WARNING,
        place,
        twice
            + (twice == 1 ? " file is" : " files are")
            + " named more than once by "
            + format(ref)
            + ", so their rows are read more than once.",
        twice,
        List.of(),
        ofMain
            ? "Roll back to the snapshot before, or replace these rows through"
                + " MeshClient.publish(..)."
            : "Drop it with the engine that made it.");
  }

  private Finding holdsErased(String ref, long held) {
    boolean ofMain = ref.equals(SnapshotRef.MAIN_BRANCH);
    return new Finding(
        "ERASED_ROWS",
        ofMain ? Severity.NOTE : Severity.WARNING,
        place,
        held
            + (held == 1 ? " file of " : " files of ")
            + format(ref)
            + (held == 1 ? " holds" : " hold")
            + " rows that were erased.",
        held,
        List.of(),
        ofMain
            ? "If a rollback did not mean to restore them, erase them again through"
                + " MeshClient.publish(..)."
            : "Drop it with the engine that made it; maintenance then forgets its snapshots and"
                + " deletes the files.");
  }

  private static String format(String ref) {
    return ref.equals(SnapshotRef.MAIN_BRANCH) ? "main" : "'" + ref + "'";
  }
}
