package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.TableFiles;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.SnapshotRef;

/**
 * Finds problems with the files that branches and tags of one table reference: files outside the
 * table's folder, files that are referenced duplicates, and files with erased rows. Commits are
 * checked for these, but older snapshots may have them. Findings never contain the location of a
 * file outside the folder, because anyone may have chosen it.
 */
public final class RefExamination {
  private final String place;
  private final ErasedFiles erased;
  private final TableFiles files;
  private final Set<String> outside;

  /**
   * Creates an examination.
   *
   * @param outside the files outside the table's folder that were not registered
   */
  public RefExamination(String place, ErasedFiles erased, TableFiles files, Set<String> outside) {
    this.place = place;
    this.erased = erased;
    this.files = files;
    this.outside = Set.copyOf(outside);
  }

  /** Adds findings. */
  public void examine(List<Finding> findings) {
    if (!outside.isEmpty()) {
      findings.add(outside());
    }
    files
        .byRef()
        .forEach(
            (ref, references) -> {
              long duplicates = duplicates(references).size();
              if (duplicates > 0) {
                findings.add(duplicateFiles(ref, duplicates));
              }
              long affected = erased.findIn(references).size();
              if (affected > 0) {
                findings.add(erasedRows(ref, affected));
              }
            });
  }

  /** Returns the files that are referenced more than once. */
  static Set<String> duplicates(List<String> references) {
    Set<String> seen = new HashSet<>();
    Set<String> duplicates = new TreeSet<>();
    for (String location : references) {
      String canonical = CanonicalLocation.comparable(location);
      if (!seen.add(canonical)) {
        duplicates.add(canonical);
      }
    }
    return duplicates;
  }

  private Finding outside() {
    Set<String> refs = new TreeSet<>();
    for (Map.Entry<String, List<String>> ref : files.byRef().entrySet()) {
      if (ref.getValue().stream().anyMatch(outside::contains)) {
        refs.add(ref.getKey());
      }
    }
    boolean ofMain = refs.contains(SnapshotRef.MAIN_BRANCH);
    long linked = outside.stream().filter(files::isLinked).count();
    return new Finding(
        FindingCode.FILE_OUTSIDE_TABLE,
        ofMain ? Severity.ERROR : Severity.WARNING,
        place,
        outside.size()
            + (outside.size() == 1
                ? " file that retained snapshots reference is"
                : " files that retained snapshots reference are")
            + " outside the table's folder"
            + (linked == 0 ? "" : ", " + linked + " of them behind a link in it")
            + ". Such files are not checked and never deleted; a backup has only those behind a"
            + " link. They are referenced by "
            + (refs.isEmpty()
                ? "snapshots without a branch or tag, or by the table's statistics."
                : refs.stream().map(RefExamination::format).collect(Collectors.joining(", "))
                    + "."),
        outside.size(),
        List.of(),
        ofMain
            ? "Copy the rows into the mesh: replace all rows with MeshClient.publish(..)."
            : refs.isEmpty()
                ? "Wait for maintenance, which expires such snapshots after a week; drop statistics"
                    + " with the engine that wrote them."
                : "Drop these branches and tags with the engine that created them; maintenance then"
                    + " expires their snapshots.");
  }

  private Finding duplicateFiles(String ref, long duplicates) {
    boolean ofMain = ref.equals(SnapshotRef.MAIN_BRANCH);
    return new Finding(
        FindingCode.FILE_REFERENCED_TWICE,
        ofMain ? Severity.ERROR : Severity.WARNING,
        place,
        duplicates
            + (duplicates == 1 ? " file is" : " files are")
            + " referenced more than once by "
            + format(ref)
            + ", so their rows are read more than once.",
        duplicates,
        List.of(),
        ofMain
            ? "Roll back to the previous snapshot, or replace these rows with"
                + " MeshClient.publish(..)."
            : "Drop it with the engine that created it.");
  }

  private Finding erasedRows(String ref, long affected) {
    boolean ofMain = ref.equals(SnapshotRef.MAIN_BRANCH);
    return new Finding(
        FindingCode.ERASED_ROWS,
        ofMain ? Severity.NOTE : Severity.WARNING,
        place,
        affected
            + (affected == 1 ? " file of " : " files of ")
            + format(ref)
            + (affected == 1 ? " contains" : " contain")
            + " rows that were erased.",
        affected,
        List.of(),
        ofMain
            ? "If a rollback restored them by mistake, erase them again with"
                + " MeshClient.publish(..)."
            : "Drop it with the engine that created it; maintenance then expires its snapshots and"
                + " deletes the files.");
  }

  private static String format(String ref) {
    return ref.equals(SnapshotRef.MAIN_BRANCH) ? "main" : "'" + ref + "'";
  }
}
