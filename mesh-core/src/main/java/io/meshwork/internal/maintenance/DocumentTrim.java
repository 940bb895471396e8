package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.PollHorizon;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.WriterRecords;
import io.meshwork.internal.text.Count;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Deletes documents of one partition past their retention. The log records deleted receipts, as it
 * recorded their publishes; rows of attempts are not in a log.
 */
public final class DocumentTrim implements MaintenanceTask {
  /** A transaction has at most 90 actions, chunk of which are the log's. */
  private static final int MAX_PER_COMMIT = 80;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** What kind of documents are trimmed. */
  private enum Kind {
    RECEIPTS("receipt", "receipts"),
    ATTEMPTS("row of an attempt", "rows of attempts"),
    WRITERS("record of a process that wrote files", "records of processes that wrote files");

    private final String one;
    private final String several;

    Kind(String one, String several) {
      this.one = one;
      this.several = several;
    }
  }

  private final ClientSession session;
  private final String partition;
  private final List<VersionedDocument> documents;
  private final Kind kind;

  private DocumentTrim(
      ClientSession session, String partition, List<VersionedDocument> documents, Kind kind) {
    this.session = session;
    this.partition = partition;
    this.documents = documents;
    this.kind = kind;
  }

  /** Finds receipts past this retention. */
  static MaintenanceTask.Finder receipts(ClientSession session, Duration retention) {
    return (inventory, queue) -> {
      Instant now = session.runtime().clock().instant();
      Instant until = now.minus(retention);
      for (String partition : inventory.partitions()) {
        queue.inspect(
            partition,
            () -> {
              Instant horizon = now.minus(PollHorizon.longest(session, partition));
              add(
                  queue,
                  session,
                  partition,
                  session.ledger().list(partition, RegistryKeys.RECEIPTS).stream()
                      .filter(receipt -> isNotAfter(receipt.version(), until))
                      // The receipt of an erase has the filter that subscribers receive.
                      .filter(
                          receipt ->
                              !receipt.json().has("scope")
                                  || isNotAfter(receipt.version(), horizon))
                      .toList(),
                  Kind.RECEIPTS);
            });
      }
    };
  }

  /** Finds rows of attempts past their retention. */
  public static MaintenanceTask.Finder attempts(ClientSession session) {
    return (inventory, queue) -> {
      Instant until = session.runtime().clock().instant().minus(Transaction.ATTEMPTS_STAY);
      for (String partition : inventory.partitions()) {
        queue.inspect(
            partition,
            () -> add(queue, session, partition, rows(session, partition, until), Kind.ATTEMPTS));
      }
    };
  }

  /** Finds records of processes that wrote none of the files of the product that exist. */
  static MaintenanceTask.Finder writers(ClientSession session) {
    return (inventory, queue) -> {
      if (!inventory.folder().unlisted().isEmpty()
          || !(session.files() instanceof SupportsPrefixOperations)) {
        return; // files that are not listed may need their records
      }
      Map<String, Set<String>> ids = new HashMap<>();
      for (Key table : inventory.folder().tables()) {
        Set<String> ofProduct = ids.computeIfAbsent(table.partition(), absent -> new HashSet<>());
        inventory.folder().files(table).keySet().forEach(file -> addIds(file, ofProduct));
      }
      Instant now = session.runtime().clock().instant();
      for (String partition : inventory.tables().keySet()) {
        queue.inspect(
            partition,
            () ->
                add(
                    queue,
                    session,
                    partition,
                    WriterRecords.of(session.ledger(), partition)
                        .removable(ids.getOrDefault(partition, Set.of()), now),
                    Kind.WRITERS));
      }
    };
  }

  private static void addIds(String file, Set<String> ids) {
    Matcher id = ID.matcher(file.substring(file.lastIndexOf('/') + 1));
    while (id.find()) {
      ids.add(id.group());
    }
  }

  /** Lists rows of attempts; the IDs start with the time, so the oldest come first. */
  private static List<VersionedDocument> rows(
      ClientSession session, String partition, Instant until) {
    return session
        .ledger()
        .listWhile(
            partition,
            Registry.ATTEMPT_PREFIX,
            row -> IdGenerator.time(attempt(row)).filter(time -> time.isAfter(until)).isEmpty())
        .stream()
        .filter(row -> isNotAfter(attempt(row), until))
        .toList();
  }

  private static void add(
      MaintenanceQueue queue,
      ClientSession session,
      String partition,
      List<VersionedDocument> documents,
      Kind kind) {
    if (!documents.isEmpty()) {
      queue.add(new DocumentTrim(session, partition, documents, kind));
    }
  }

  private static boolean isNotAfter(String id, Instant until) {
    return IdGenerator.time(id).filter(time -> !time.isAfter(until)).isPresent();
  }

  private static String attempt(VersionedDocument row) {
    return row.key().sort().substring(Registry.ATTEMPT_PREFIX.length());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "trim",
        partition,
        Count.of(documents.size(), kind.one + " past its", kind.several + " past their")
            + " retention",
        kind == Kind.RECEIPTS ? "cannot be undone: a retry under their keys publishes again" : "");
  }

  @Override
  public String basis() {
    return documents.get(0).key() + " to " + documents.get(documents.size() - 1).key();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    for (int from = 0; from < documents.size(); from += MAX_PER_COMMIT) {
      List<VersionedDocument> chunk =
          documents.subList(from, Math.min(documents.size(), from + MAX_PER_COMMIT));
      tally.add(
          partition,
          kind == Kind.RECEIPTS ? Work.RECEIPTS_TRIMMED : Work.ATTEMPTS_TRIMMED,
          session.ledger().commit(new Deletion(chunk), deadline));
    }
  }

  private final class Deletion implements Ledger.Change<Integer> {
    private final List<VersionedDocument> chunk;

    Deletion(List<VersionedDocument> chunk) {
      this.chunk = chunk;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.TRIM, partition);
    }

    @Override
    public String partition() {
      return partition;
    }

    @Override
    public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
      List<VersionedDocument> unchanged =
          chunk.stream()
              .flatMap(
                  document ->
                      session.ledger().read(document.key()).stream()
                          .filter(now -> now.version().equals(document.version())))
              .toList();
      if (unchanged.isEmpty()) {
        return CommitDraft.unchanged(0);
      }
      CommitDraft<Integer> draft =
          kind == Kind.RECEIPTS
              ? CommitDraft.<Integer>of("receipts.trimmed", session.principal(), partition)
                  .details(new EventDetails.ChangedReceipts(unchanged.size()))
              : CommitDraft.unlogged();
      unchanged.forEach(draft::delete);
      return draft.result(unchanged.size());
    }
  }
}
