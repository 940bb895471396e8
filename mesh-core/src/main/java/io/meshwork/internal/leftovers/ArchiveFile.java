package io.meshwork.internal.leftovers;

import io.meshwork.internal.session.ClientSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;

/**
 * A file in the archive folder that is named after a segment of a log, complete or not. Files with
 * other names are ignored. Immutable.
 *
 * @param segment the segment after which it is named
 * @param complete false if it has the name of a file that is being written
 */
public record ArchiveFile(FileInfo info, LogSegment segment, boolean complete) {
  private static final Pattern PATH =
      Pattern.compile("([^/]+)/([^/]+|@by/[^/]+)/(\\.)?([0-9]{20})-([0-9]{20})\\.jsonl(.*\\.tmp)?");

  /**
   * Parses a file's name.
   *
   * @param start the archive folder, with a trailing slash
   */
  static Optional<ArchiveFile> of(String start, FileInfo info) {
    if (!info.location().startsWith(start)) {
      return Optional.empty();
    }
    Matcher path = PATH.matcher(info.location().substring(start.length()));
    if (!path.matches()) {
      return Optional.empty();
    }
    boolean complete = path.group(3) == null && path.group(6) == null;
    String partition =
        path.group(2).equals(LogSegment.NO_PRODUCT)
            ? path.group(1)
            : path.group(1) + "/" + path.group(2);
    try {
      long first = Long.parseLong(path.group(4));
      long last = Long.parseLong(path.group(5));
      return Optional.of(new ArchiveFile(info, new LogSegment(partition, first, last), complete));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns true if no commit can reference it later: an incomplete file because of its age, a
   * complete file because the log already has an archive with its first entry, so that the commit
   * of its writer is rejected.
   *
   * @param lastArchived the last entry that the log's archives contain
   */
  public boolean isAbandoned(long lastArchived, Instant now) {
    if (complete) {
      return segment.first() <= lastArchived;
    }
    // A store without file times returns 0.
    return info.createdAtMillis() > 0
        && Instant.ofEpochMilli(info.createdAtMillis())
            .isBefore(now.minus(MaintenanceLimits.ABANDONED_BY_ENGINES));
  }

  /**
   * Returns true if the registry has everything that it contains, so that it can be deleted.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public boolean matchesLog(ClientSession session) {
    byte[] content = segment.content(session.ledger());
    try (InputStream in = session.files().newInputFile(info.location()).newStream()) {
      return LogSegment.isPrefix(in.readAllBytes(), content);
    } catch (NotFoundException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
