package io.meshwork.internal.diagnosis;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.ArchiveFile;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.leftovers.LogSegment;
import io.meshwork.internal.leftovers.LogSegment.ArchivedSegment;
import io.meshwork.internal.maintenance.ArchiveLeftovers;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;

/**
 * Compares the archived segments of one log with their digests in the log and with the current
 * entries of the registry, and finds archive files that the log does not have.
 */
final class ArchiveExamination {
  private static final int SAMPLES = 5;

  private final ClientSession session;
  private final String partition;
  private final DataFolder folder;

  /**
   * Creates an examination.
   *
   * @param folder the archive files that existed before the log was read
   */
  ArchiveExamination(ClientSession session, String partition, DataFolder folder) {
    this.session = session;
    this.partition = partition;
    this.folder = folder;
  }

  void examine(List<Finding> findings) {
    try {
      for (VersionedDocument document : LogSegment.archived(session.ledger(), partition)) {
        examine(document, findings);
      }
      examineUnlogged(findings);
    } catch (BackendException e) {
      // The examination of the log reports damaged documents.
      if (e.retryable()) {
        throw e;
      }
    }
  }

  private void examine(VersionedDocument document, List<Finding> findings) {
    LogSegment segment = LogSegment.of(document);
    String digest = ArchivedSegment.of(document).sha256();
    String location = LogSegment.location(session, document);
    if (!Sha256.hex(segment.content(session.ledger())).equals(digest)) {
      findings.add(
          Finding.error(
              FindingCode.ARCHIVE_DIFFERS,
              document.key().toString(),
              "Entries "
                  + segment.first()
                  + " to "
                  + segment.last()
                  + " of the log differ from the archive, so the registry was changed"
                  + " afterwards.",
              "Compare the registry with the archive, and restore it from a backup."));
    }
    if (!folder.isUnlisted(location)) {
      examineFile(location, digest, findings);
    }
  }

  private void examineFile(String location, String digest, List<Finding> findings) {
    try {
      InputFile file = session.files().newInputFile(location);
      if (!file.exists()) {
        findings.add(missing(location));
        return;
      }
      try (InputStream in = file.newStream()) {
        if (!Sha256.hex(in.readAllBytes()).equals(digest)) {
          findings.add(
              Finding.error(
                  FindingCode.ARCHIVE_CHANGED,
                  location,
                  "The archived segment of a log does not have the digest that the log recorded.",
                  "Restore the file from a backup; the registry has the entries too."));
        }
      }
    } catch (NotFoundException e) {
      findings.add(missing(location));
    } catch (IOException | UncheckedIOException e) {
      findings.add(
          Finding.error(
              FindingCode.ARCHIVE_MISSING,
              location,
              "The archived segment of a log cannot be read ("
                  + e.getClass().getSimpleName()
                  + ").",
              "Fix the permissions of the store."));
    }
  }

  private void examineUnlogged(List<Finding> findings) {
    List<ArchiveFile> leftovers = new ArrayList<>();
    for (ArchiveFile file :
        ArchiveLeftovers.unlogged(session, partition, folder.archives(partition))) {
      ArchiveLeftovers.mismatch(session, file)
          .ifPresentOrElse(findings::add, () -> leftovers.add(file));
    }
    if (!leftovers.isEmpty()) {
      findings.add(
          new Finding(
              FindingCode.LEFTOVER_FILES,
              Severity.NOTE,
              "the archive of " + partition,
              leftovers.size()
                  + (leftovers.size() == 1 ? " file" : " files")
                  + " that the log does not have, from a maintenance run that was terminated or is"
                  + " still running; harmless.",
              leftovers.size(),
              leftovers.stream()
                  .map(file -> file.info().location())
                  .sorted()
                  .limit(SAMPLES)
                  .toList(),
              "No action is needed: maintenance deletes complete files when the log has another"
                  + " archive of these entries, and incomplete files after 7 days."));
    }
  }

  private static Finding missing(String location) {
    return Finding.error(
        FindingCode.ARCHIVE_MISSING,
        location,
        "The archived segment of a log is missing.",
        "Restore the file from a backup; the registry has the entries too.");
  }
}
