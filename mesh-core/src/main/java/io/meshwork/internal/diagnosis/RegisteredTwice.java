package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.onboarding.OnboardedFiles;
import io.meshwork.internal.onboarding.RegisteredNow;
import io.meshwork.internal.table.FileEnd;
import io.meshwork.internal.table.FileMark;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;

/**
 * Finds files that earlier versions registered again under another name: rows of the newest
 * snapshot are in it twice, or were erased or replaced before and are back.
 */
final class RegisteredTwice {
  private static final int SAMPLES = 5;

  private final Table table;
  private final OnboardedFiles known;

  RegisteredTwice(Table table, OnboardedFiles known) {
    this.table = table;
    this.known = known;
  }

  /**
   * Adds a finding.
   *
   * @param where what the finding is about
   */
  void examine(String where, List<Finding> findings) {
    Set<String> found = new TreeSet<>();
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return;
    }
    ColumnNames names = ColumnNames.of(table);
    RegisteredNow now = new RegisteredNow(table, known, table.io());
    for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
      Manifests.forEach(
          table,
          snapshot,
          manifest,
          file -> {
            if (names.isOfOtherProgram(file.location()) && isSuspect(file, now)) {
              found.add(file.location());
            }
          });
    }
    if (!found.isEmpty()) {
      findings.add(
          new Finding(
              FindingCode.FILE_REGISTERED_BEFORE,
              Finding.Severity.WARNING,
              where,
              found.size()
                  + (found.size() == 1 ? " file" : " files")
                  + " of other programs in the newest snapshot "
                  + (found.size() == 1 ? "has" : "have")
                  + " the content of a file that was also registered under another name: rows are"
                  + " twice in the product, or erased or replaced ones are back",
              found.size(),
              found.stream().limit(SAMPLES).toList(),
              "Compare the rows, and remove those that are too many with erase(..) or"
                  + " replaceWhere(..)."));
    }
  }

  /** True if another file with this content was registered, and is not in place. */
  private boolean isSuspect(DataFile file, RegisteredNow now) {
    Optional<FileMark> mark = known.mark(file.location()).filter(known::isRegisteredSeveralTimes);
    if (mark.isEmpty()) {
      return false;
    }
    long length = file.fileSizeInBytes();
    if (now.inPlace(new FileEnd(length, mark.get().hash())).isPresent()) {
      return false;
    }
    try {
      FileEnd end = FileEnd.read(table.io(), new FileInfo(file.location(), length, 0));
      return now.inPlace(end).isEmpty();
    } catch (UncheckedIOException | NotFoundException | InvalidRequestException e) {
      return false; // another finding names it
    }
  }
}
