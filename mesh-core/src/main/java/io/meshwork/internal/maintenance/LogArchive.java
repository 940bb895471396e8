package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.exceptions.AlreadyExistsException;

/**
 * Copies a closed part of a log to a file that is written once, and has the log tell of the file's
 * digest. The registry keeps its entries, which history and times of snapshots are read from; the
 * copy is evidence that can be kept elsewhere.
 */
final class LogArchive implements MaintenanceTask {
  /** A part that is not full is closed when its first entry is older. */
  private static final Duration LONG_AGO = Duration.ofDays(31);

  /** So that a part that is closed by age holds no entry of work that is just going on. */
  private static final Duration SETTLED = Duration.ofDays(1);

  private static final String EVENT = "log.archived";

  private final ClientSession session;
  private final LogSegment segment;

  LogArchive(ClientSession session, LogSegment segment) {
    this.session = session;
    this.segment = segment;
  }

  /** Finds closed parts of logs that are not archived yet. */
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, due) -> {
      for (String partition : inventory.partitions()) {
        due.inspect(partition, () -> find(session, partition, due));
      }
    };
  }

  private static void find(ClientSession session, String partition, MaintenanceQueue due) {
    long next = LogSegment.next(session.ledger(), partition);
    Instant now = session.runtime().clock().instant();
    while (true) {
      long first = next;
      List<VersionedDocument> entries =
          session.ledger().thousand(partition, first / LogSegment.ENTRIES).stream()
              .filter(entry -> LogSegment.sequence(entry) >= first)
              .toList();
      if (entries.isEmpty()) {
        return;
      }
      long last = LogSegment.sequence(entries.get(entries.size() - 1));
      if ((last + 1) % LogSegment.ENTRIES != 0) {
        closedByAge(session, partition, entries, now, due);
        return;
      }
      due.add(new LogArchive(session, new LogSegment(partition, first, last)));
      next = last + 1;
    }
  }

  private static void closedByAge(
      ClientSession session,
      String partition,
      List<VersionedDocument> entries,
      Instant now,
      MaintenanceQueue due) {
    if (!Ledger.time(entries.get(0)).isBefore(now.minus(LONG_AGO))) {
      return;
    }
    List<VersionedDocument> closed =
        entries.stream().filter(entry -> Ledger.time(entry).isBefore(now.minus(SETTLED))).toList();
    // Else a log in which nothing happens would grow by telling of its own archive.
    if (closed.stream().anyMatch(entry -> !entry.json().path("event").asText().equals(EVENT))) {
      due.add(
          new LogArchive(
              session,
              new LogSegment(
                  partition,
                  LogSegment.sequence(closed.get(0)),
                  LogSegment.sequence(closed.get(closed.size() - 1)))));
    }
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "archive",
        "the log of " + segment.partition(),
        "entries " + segment.first() + " to " + segment.last() + " into " + segment.path(),
        "");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    if (!isNext()) {
      return;
    }
    byte[] content = segment.content(session.ledger());
    String location = session.tables().archiveFolder() + "/" + segment.path();
    if (!write(location, content)) {
      tally.leave(
          new Finding(
              "ARCHIVE_DIFFERS",
              Severity.ERROR,
              location,
              "There is such a file already, and it does not say what the log says, so the log was"
                  + " not archived.",
              0,
              List.of(),
              "Find out who wrote it, move it away, and run maintenance again."));
      return;
    }
    if (session.ledger().commit(new Telling(content), deadline)) {
      tally.add(segment.partition(), Work.ENTRIES_ARCHIVED, segment.entries());
    }
  }

  /** Not if another process archived it meanwhile, or the part before it could not be. */
  private boolean isNext() {
    return segment.first() == LogSegment.next(session.ledger(), segment.partition());
  }

  /**
   * Writes the file, unless it is there; false if another one is. What a store kept of a write that
   * failed is written anew: no log tells of it yet.
   */
  private boolean write(String location, byte[] content) {
    try {
      if (!session.files().newInputFile(location).exists()) {
        try (OutputStream out = session.files().newOutputFile(location).create()) {
          out.write(content);
          return true;
        } catch (AlreadyExistsException e) {
          return isThere(location, content);
        }
      }
      return isThere(location, content);
    } catch (IOException | UncheckedIOException e) {
      throw BackendException.lasting(
          ErrorCode.STORAGE_UNWRITABLE,
          "Could not archive the log of "
              + segment.partition()
              + ": its file cannot be written. Nothing of the log was changed. Look at space and"
              + " permissions of the store, and run maintenance again.",
          e);
    }
  }

  private boolean isThere(String location, byte[] content) throws IOException {
    byte[] there;
    try (InputStream in = session.files().newInputFile(location).newStream()) {
      there = in.readAllBytes();
    }
    if (there.length < content.length && LogSegment.saysNoMore(there, content)) {
      try (OutputStream out = session.files().newOutputFile(location).createOrOverwrite()) {
        out.write(content);
        return true;
      }
    }
    return Arrays.equals(there, content);
  }

  private final class Telling implements Ledger.Change<Boolean> {
    private final byte[] content;

    Telling(byte[] content) {
      this.content = content;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.ARCHIVE, "the log of " + segment.partition());
    }

    @Override
    public String partition() {
      return segment.partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      if (!isNext()) {
        return CommitDraft.unchanged(false);
      }
      String digest = LogSegment.digest(content);
      return CommitDraft.<Boolean>of(EVENT, session.principal(), segment.partition())
          .detail("first", segment.first())
          .detail("last", segment.last())
          .detail("sha256", digest)
          .insert(
              RegistryKeys.archive(segment.partition(), segment.first()),
              DocumentJson.create()
                  .put("first", segment.first())
                  .put("last", segment.last())
                  .put("path", segment.path())
                  .put("bytes", content.length)
                  .put("sha256", digest)
                  .put("at", attempt.now().toString()))
          .result(true);
    }
  }
}
