package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.leftovers.LogSegment;
import io.meshwork.internal.leftovers.LogSegment.ArchivedSegment;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
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
import java.util.Optional;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.InputFile;

/**
 * Copies a closed segment of a log to a file that is written once, and records the file's digest in
 * the log. The registry retains its entries, from which history and times of snapshots are read;
 * the copy is evidence that can be stored elsewhere.
 */
final class LogArchive implements MaintenanceTask {
  /** The age of the first entry at which a segment that is not full is closed. */
  private static final Duration CLOSE_AFTER = Duration.ofDays(31);

  /** The minimum age of entries in a segment that is closed by age. */
  private static final Duration MIN_AGE = Duration.ofDays(1);

  private static final String EVENT = "log.archived";

  private final ClientSession session;
  private final LogSegment segment;

  LogArchive(ClientSession session, LogSegment segment) {
    this.session = session;
    this.segment = segment;
  }

  /** Finds closed segments of logs that are not archived yet. */
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String partition : inventory.partitions()) {
        queue.inspect(
            partition,
            () -> {
              if (isListed(session, partition, inventory.folder())) {
                find(session, partition, queue);
              }
            });
      }
    };
  }

  /** False if its archive would be written to a place that could not be listed. */
  private static boolean isListed(ClientSession session, String partition, DataFolder folder) {
    return folder.unlisted().isEmpty() || !folder.unlisted().contains(root(session, partition));
  }

  private static void find(ClientSession session, String partition, MaintenanceQueue queue) {
    long next = LogSegment.nextToArchive(session.ledger(), partition);
    Instant now = session.runtime().clock().instant();
    while (true) {
      long first = next;
      List<VersionedDocument> entries =
          session.ledger().thousand(partition, first / LogSegment.ENTRIES).stream()
              .filter(entry -> Ledger.sequence(entry) >= first)
              .toList();
      if (entries.isEmpty()) {
        return;
      }
      long last = Ledger.sequence(entries.get(entries.size() - 1));
      if ((last + 1) % LogSegment.ENTRIES != 0) {
        addIfOld(session, partition, entries, now, queue);
        return;
      }
      queue.add(new LogArchive(session, new LogSegment(partition, first, last)));
      next = last + 1;
    }
  }

  private static void addIfOld(
      ClientSession session,
      String partition,
      List<VersionedDocument> entries,
      Instant now,
      MaintenanceQueue queue) {
    if (!Ledger.time(entries.get(0)).isBefore(now.minus(CLOSE_AFTER))) {
      return;
    }
    List<VersionedDocument> closed =
        entries.stream().filter(entry -> Ledger.time(entry).isBefore(now.minus(MIN_AGE))).toList();
    // Otherwise a log without other events would grow with each archive of itself.
    if (closed.stream().anyMatch(entry -> !entry.json().path("event").asText().equals(EVENT))) {
      queue.add(
          new LogArchive(
              session,
              new LogSegment(
                  partition,
                  Ledger.sequence(closed.get(0)),
                  Ledger.sequence(closed.get(closed.size() - 1)))));
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
    String root = root(session, segment.partition());
    String location = segment.location(root);
    if (!write(location, content)) {
      tally.skip(
          new Finding(
              FindingCode.ARCHIVE_DIFFERS,
              Severity.ERROR,
              location,
              "The file exists with other content than the log, so the log was not archived.",
              0,
              List.of(),
              "Find out what wrote it, move it elsewhere, and run maintenance again."));
      return;
    }
    if (session.ledger().commit(new ArchiveChange(root, content), deadline)) {
      tally.add(segment.partition(), Work.ENTRIES_ARCHIVED, segment.entries());
    }
  }

  /** Returns the root of the newest place of the domain that writes the log. */
  private static String root(ClientSession session, String partition) {
    DataPlaces places = session.tables().places();
    return PartitionCatalogs.isGovernance(partition)
        ? places.meshRoot()
        : places.newest(LogSegment.writingDomain(partition));
  }

  /** Returns false if another process archived it, or the previous segment was not archived. */
  private boolean isNext() {
    return segment.first() == LogSegment.nextToArchive(session.ledger(), segment.partition());
  }

  /**
   * Writes the file, unless it exists; returns false if it exists with other content. The rest of a
   * failed write is overwritten, because the log does not have it yet.
   */
  private boolean write(String location, byte[] content) {
    Optional<byte[]> before = existing(location);
    if (before.isEmpty() && create(location, content)) {
      return true;
    }
    byte[] existing = before.or(() -> existing(location)).orElse(new byte[0]);
    if (existing.length < content.length && LogSegment.isPrefix(existing, content)) {
      try (OutputStream out = session.files().newOutputFile(location).createOrOverwrite()) {
        out.write(content);
        return true;
      } catch (IOException | UncheckedIOException e) {
        throw unwritable(e);
      }
    }
    return Arrays.equals(existing, content);
  }

  private Optional<byte[]> existing(String location) {
    InputFile file = session.files().newInputFile(location);
    try {
      if (!file.exists()) {
        return Optional.empty();
      }
      try (InputStream in = file.newStream()) {
        return Optional.of(in.readAllBytes());
      }
    } catch (IOException | UncheckedIOException e) {
      throw Failure.of(archiving())
          .because("its file could not be read")
          .state("The log was not changed.")
          .fix("Run maintenance again.")
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  /** Returns false if the file exists. */
  private boolean create(String location, byte[] content) {
    try (OutputStream out = session.files().newOutputFile(location).create()) {
      out.write(content);
      return true;
    } catch (AlreadyExistsException e) {
      return false;
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  private BackendException unwritable(Exception cause) {
    return Failure.of(archiving())
        .because("its file cannot be written")
        .state("The log was not changed.")
        .fix("Check space and permissions of the store, and run maintenance again.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  private MeshAction archiving() {
    return MeshAction.of(Verb.ARCHIVE, "the log of " + segment.partition());
  }

  private final class ArchiveChange implements Ledger.Change<Boolean> {
    private final String root;
    private final byte[] content;

    ArchiveChange(String root, byte[] content) {
      this.root = root;
      this.content = content;
    }

    @Override
    public MeshAction action() {
      return archiving();
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
      String digest = Sha256.hex(content);
      ArchivedSegment archived =
          new ArchivedSegment(
              segment.first(),
              segment.last(),
              segment.path(),
              content.length,
              digest,
              attempt.now(),
              Optional.of(root)
                  .filter(place -> !place.equals(session.tables().places().meshRoot())));
      return CommitDraft.<Boolean>of(EVENT, session.principal(), segment.partition())
          .details(new EventDetails.ArchivedEntries(segment.first(), segment.last(), digest))
          .insert(RegistryKeys.archive(segment.partition(), segment.first()), archived.toDocument())
          .result(true);
    }
  }
}
