package io.meshwork.internal.onboarding;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion.ExistingSource;
import io.meshwork.internal.table.FileFingerprint;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.jspecify.annotations.Nullable;

/** The registered files of a table that are not unchanged in a listing. Immutable. */
final class ChangedFiles {
  private final FileIO io;
  private final OnboardedFiles onboarded;
  private final MeshAction action;

  /**
   * Compares files with the registered ones.
   *
   * @param io reads files whose length is the same, and whose time is another one
   */
  public ChangedFiles(FileIO io, OnboardedFiles onboarded, MeshAction action) {
    this.io = io;
    this.onboarded = onboarded;
    this.action = action;
  }

  /** Returns findings on files of the newest snapshot. */
  public List<Finding> of(Table table, ListedFiles listed) {
    if (table.currentSnapshot() == null) {
      return List.of();
    }
    Map<String, FileInfo> files = new HashMap<>();
    listed.files().forEach(file -> files.put(file.location(), file));
    ColumnNames names = ColumnNames.of(table);
    List<Finding> findings = new ArrayList<>();
    Snapshot snapshot = table.currentSnapshot();
    // One by one: the statistics of many thousand files would fill the heap.
    for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
      Manifests.forEach(
          table,
          snapshot,
          manifest,
          file -> {
            String at = file.location();
            if (names.isOfOtherProgram(at)
                && listed.origins().stream().anyMatch(origin -> at.startsWith(origin + "/"))
                && !listed.isUnreadable(at)) {
              finding(file, files.get(at)).ifPresent(findings::add);
            }
          });
    }
    findings.sort(Comparator.comparing(Finding::where));
    return findings;
  }

  private Optional<Finding> finding(DataFile file, @Nullable FileInfo now) {
    if (now == null) {
      return Optional.of(
          finding(FindingCode.FILE_MISSING, file, "does not exist", "reads of its rows fail"));
    } else if (now.size() != file.fileSizeInBytes()) {
      return Optional.of(
          finding(FindingCode.FILE_CHANGED, file, "has another length", "reads of its rows fail"));
    }
    return onboarded
        .mark(file.location())
        .filter(mark -> mark.isOlderThan(now) && differs(mark, now))
        .map(
            mark ->
                finding(
                    FindingCode.FILE_CHANGED,
                    file,
                    "was overwritten with another file of the same length",
                    "reads of its rows fail"));
  }

  private boolean differs(FileFingerprint mark, FileInfo file) {
    try {
      return mark.differs(io, file);
    } catch (UncheckedIOException | NotFoundException e) {
      throw ExistingSource.notRead(file, action, e);
    }
  }

  private static Finding finding(FindingCode code, DataFile file, String what, String effect) {
    String at = file.location();
    return new Finding(
        code,
        Finding.Severity.WARNING,
        at,
        at + " " + what + ", and was registered before; " + effect + ".",
        0,
        List.of(),
        "Restore the file, or replace its rows with publish(..).");
  }
}
