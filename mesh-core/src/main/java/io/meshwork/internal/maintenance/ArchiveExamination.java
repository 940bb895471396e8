package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;

/**
 * Compares the archived parts of one log with what the log said of them, and with the entries that
 * the registry has now, and finds files of archives of which it says nothing.
 */
final class ArchiveExamination {
  private static final int SAMPLES = 5;

  private final ClientSession session;
  private final String partition;
  private final List<ArchiveFile> listed;

  /**
   * An examination that has not begun.
   *
   * @param listed the files of archives as they were before the log was read
   */
  ArchiveExamination(ClientSession session, String partition, List<ArchiveFile> listed) {
    this.session = session;
    this.partition = partition;
    this.listed = listed;
  }

  void examine(List<Finding> found) {
    try {
      for (VersionedDocument document : LogSegment.archived(session.ledger(), partition)) {
        examine(document, found);
      }
      leftOver(found);
    } catch (BackendException e) {
      // A document of the log or of an archive that is damaged is found by its log.
      if (e.retryable()) {
        throw e;
      }
    }
  }

  private void examine(VersionedDocument document, List<Finding> found) {
    LogSegment segment = LogSegment.of(document);
    String told = document.json().path("sha256").asText();
    String location = session.tables().archiveFolder() + "/" + segment.path();
    if (!LogSegment.digest(segment.content(session.ledger())).equals(told)) {
      found.add(
          Finding.error(
              "ARCHIVE_DIFFERS",
              document.key().toString(),
              "Entries "
                  + segment.first()
                  + " to "
                  + segment.last()
                  + " of the log are not those that were archived, so the registry was changed"
                  + " since.",
              "Compare the registry with the archive, and restore it from a backup."));
    }
    try {
      InputFile file = session.files().newInputFile(location);
      if (!file.exists()) {
        found.add(missing(location));
        return;
      }
      try (InputStream in = file.newStream()) {
        if (!LogSegment.digest(in.readAllBytes()).equals(told)) {
          found.add(
              Finding.error(
                  "ARCHIVE_CHANGED",
                  location,
                  "The archived part of a log is not what was written, by the digest that the log"
                      + " told.",
                  "Restore the file from a backup; the registry has the entries too."));
        }
      }
    } catch (NotFoundException e) {
      found.add(missing(location));
    } catch (IOException | UncheckedIOException e) {
      found.add(
          Finding.error(
              "ARCHIVE_MISSING",
              location,
              "The archived part of a log cannot be read (" + e.getClass().getSimpleName() + ").",
              "Fix the rights of the store."));
    }
  }

  private void leftOver(List<Finding> found) {
    List<ArchiveFile> left = new ArrayList<>();
    for (ArchiveFile file : ArchiveLeftovers.untold(session, partition, listed)) {
      ArchiveLeftovers.strange(session, file).ifPresentOrElse(found::add, () -> left.add(file));
    }
    if (!left.isEmpty()) {
      found.add(
          new Finding(
              "FILES_LEFT",
              Severity.NOTE,
              "the archive of " + partition,
              left.size()
                  + (left.size() == 1 ? " file" : " files")
                  + " of which the log does not tell, left by maintenance that died or that is"
                  + " under way; harmless.",
              left.size(),
              left.stream().map(file -> file.info().location()).sorted().limit(SAMPLES).toList(),
              "Leave them to maintenance, which clears them: once the log tells of another archive"
                  + " of these entries, or, of files that were not finished, after 7 days."));
    }
  }

  private static Finding missing(String location) {
    return Finding.error(
        "ARCHIVE_MISSING",
        location,
        "The archived part of a log is not there.",
        "Restore the file from a backup; the registry has the entries too.");
  }
}
