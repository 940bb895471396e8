package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.jspecify.annotations.Nullable;

/** Checks that the files of staged publishes exist, which no table references. */
record StagedExamination(ClientSession session, Key pointer, Map<String, FileInfo> listed) {
  /** Adds a finding for each staged publish of the quarantine that lacks files. */
  void examine(Table quarantine, List<Finding> findings) {
    Optional<TableName> name = TableName.at(pointer).filter(TableName::quarantine);
    if (name.isEmpty()) {
      return;
    }
    for (StagedFiles staged : StagedFiles.list(session.ledger(), pointer.partition())) {
      if (staged.major() == name.get().major() && !staged.isErased()) {
        examine(name.get(), staged, quarantine, findings);
      }
    }
  }

  private void examine(
      TableName name, StagedFiles staged, Table quarantine, List<Finding> findings) {
    List<String> missing =
        staged.locations(quarantine).stream()
            .filter(file -> !hasContent(listed.get(file)))
            .filter(file -> !session.files().newInputFile(file).exists())
            .toList();
    if (!missing.isEmpty() && isLive(staged)) {
      findings.add(
          Finding.error(
              FindingCode.FILE_MISSING,
              name + " " + missing.get(0),
              "The staged publish "
                  + staged.publishId()
                  + " names this file, but it does not exist. It cannot be promoted.",
              "Discard the staged publish, and stage its rows again."));
    }
  }

  /** False for a link that leads nowhere, which is listed as empty. */
  private static boolean hasContent(@Nullable FileInfo file) {
    return file != null && file.size() > 0;
  }

  /** False if it ended while it was examined, which deletes its files. */
  private boolean isLive(StagedFiles staged) {
    return session
        .ledger()
        .read(staged.stored().key())
        .map(StagedFiles::of)
        .filter(now -> now.publishId().equals(staged.publishId()) && !now.isErased())
        .isPresent();
  }
}
