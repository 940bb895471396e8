package io.meshwork.internal.maintenance;

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
 * A file in the folder of archives that has the name of a part of a log, or of one that its writer
 * did not finish. Files of other names are nobody's concern. Immutable.
 *
 * @param info where it is
 * @param segment what its name says
 * @param whole false for a file under the name that it has while it is written
 */
record ArchiveFile(FileInfo info, LogSegment segment, boolean whole) {
  private static final Pattern PATH =
      Pattern.compile("([^/]+)/([^/]+)/(\\.)?([0-9]{20})-([0-9]{20})\\.jsonl(.*\\.tmp)?");

  /**
   * Reads a file's name.
   *
   * @param start the folder of archives, with a slash at its end
   */
  static Optional<ArchiveFile> of(String start, FileInfo info) {
    if (!info.location().startsWith(start)) {
      return Optional.empty();
    }
    Matcher path = PATH.matcher(info.location().substring(start.length()));
    if (!path.matches()) {
      return Optional.empty();
    }
    boolean whole = path.group(3) == null && path.group(6) == null;
    String partition =
        path.group(2).equals(LogSegment.NO_PRODUCT)
            ? path.group(1)
            : path.group(1) + "/" + path.group(2);
    try {
      long first = Long.parseLong(path.group(4));
      long last = Long.parseLong(path.group(5));
      return Optional.of(new ArchiveFile(info, new LogSegment(partition, first, last), whole));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * True if nobody can come to need it: for a file that was not finished since its writer can be
   * taken for dead, for a whole one since the log told of another that begins no later. Then who
   * wrote it is refused, even if it is alive.
   *
   * @param told the last entry that is in an archive of which the log tells
   */
  boolean isAbandoned(long told, Instant now) {
    if (whole) {
      return segment.first() <= told;
    }
    // A store that does not know a file's age says 0.
    return info.createdAtMillis() > 0
        && Instant.ofEpochMilli(info.createdAtMillis())
            .isBefore(now.minus(MaintenanceLimits.ABANDONED_BY_ENGINES));
  }

  /**
   * True if it says nothing but what the registry says too, so that nothing is lost with it.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  boolean saysWhatTheLogSays(ClientSession session) {
    byte[] content = segment.content(session.ledger());
    try (InputStream in = session.files().newInputFile(info.location()).newStream()) {
      return LogSegment.saysNoMore(in.readAllBytes(), content);
    } catch (NotFoundException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
