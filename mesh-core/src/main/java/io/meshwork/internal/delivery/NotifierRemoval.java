package io.meshwork.internal.delivery;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.delivery.CursorStore.FirstUse;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.internal.text.Count;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes all that the registry has of a notifier, in the catalogs that are available. Its first
 * use is removed first: a process that delivers at the same time then starts again, and never
 * continues from a position that is already removed.
 */
final class NotifierRemoval extends ReviewedOperation<Plan<List<Finding>>, List<Finding>> {
  /** A transaction has at most 90 actions, some of which are the log's. */
  private static final int MAX_PER_COMMIT = 80;

  private static final String UNDO =
      "cannot be undone: a notifier of this name starts with the events from then on";

  private final String name;

  NotifierRemoval(ClientSession session, String name) {
    super(session, MeshAction.of(Verb.FORGET, "notifier " + NameGrammar.quoted(checked(name))));
    this.name = NameGrammar.storage(name);
    begin();
  }

  private static String checked(String name) {
    return NameGrammar.check("notifier", ArgumentChecks.required("notifier", name));
  }

  /** A position of the notifier in a log, and how many events of the log wait for it. */
  private record LogPosition(String log, long waiting, long parked) {
    String lost() {
      return Count.of(waiting, "event waits", "events wait")
          + ", "
          + Count.of(parked, "notice is", "notices are")
          + " parked";
    }
  }

  /** What the registry has of the notifier, first uses before positions, and what was skipped. */
  private record NotifierDocuments(List<VersionedDocument> stored, List<Finding> unavailable) {
    List<String> partitions() {
      return stored.stream().map(document -> document.key().partition()).distinct().toList();
    }

    List<Key> keysOf(String partition) {
      return stored.stream()
          .map(VersionedDocument::key)
          .filter(key -> key.partition().equals(partition))
          .toList();
    }
  }

  @Override
  protected Plan<List<Finding>> evaluate() {
    return plan(find());
  }

  @Override
  protected Supplier<List<Finding>> prepare(@Nullable String reviewed) {
    return () -> {
      Deadline deadline = session.deadline();
      NotifierDocuments documents = find();
      if (reviewed != null) {
        plan(documents).requireSame(reviewed, action());
      }
      for (String partition : documents.partitions()) {
        List<Key> keys = documents.keysOf(partition);
        for (int from = 0; from < keys.size(); from += MAX_PER_COMMIT) {
          List<Key> some = keys.subList(from, Math.min(keys.size(), from + MAX_PER_COMMIT));
          session.ledger().commit(new Removal(partition, some), deadline);
        }
      }
      return documents.unavailable();
    };
  }

  /**
   * Finds what the registry has of the notifier.
   *
   * @throws io.meshwork.error.NotFoundException if it has nothing, and all catalogs are available
   */
  private NotifierDocuments find() {
    ReachableCatalogs reachable = ReachableCatalogs.of(session);
    List<VersionedDocument> documents = new ArrayList<>();
    Set<String> others = new TreeSet<>();
    for (String partition :
        CursorStore.partitions(
            session, session.maintainedDomains(), reachable.governances(session))) {
      for (VersionedDocument stored :
          session.ledger().listLenient(partition, UnloggedDocuments.CURSORS)) {
        String notifier = NoticeCursor.notifier(stored.key());
        if (notifier.equals(name)) {
          documents.add(stored);
        } else {
          others.add(notifier);
        }
      }
    }
    if (documents.isEmpty() && reachable.unavailable().isEmpty()) {
      throw Failure.of(action())
          .because("in the domains that this process maintains, no notifier of this name was used")
          .fix(
              others.isEmpty()
                  ? "Check the name."
                  : "Use one of these names: " + String.join(", ", others) + ".")
          .notFound(ErrorCode.NOT_FOUND);
    }
    return new NotifierDocuments(documents, reachable.unavailable());
  }

  private ChangePlan<List<Finding>> plan(NotifierDocuments documents) {
    List<LogPosition> positions =
        documents.stored().stream()
            .filter(document -> NoticeCursor.isCursor(document.key()))
            .map(this::position)
            .toList();
    List<Plan.Step> steps = new ArrayList<>();
    if (!documents.stored().isEmpty()) {
      steps.add(new Plan.Step("forget", "notifier " + name, summary(documents, positions), UNDO));
    }
    positions.stream()
        .filter(position -> position.waiting() + position.parked() > 0)
        .forEach(
            position -> steps.add(new Plan.Step("drop", position.log(), position.lost(), UNDO)));
    return ChangePlan.ofWork(
        action().toString(),
        steps,
        documents.unavailable(),
        documents.stored().stream()
            .map(document -> document.key() + " " + document.version())
            .collect(Collectors.joining("\n")),
        this::commitAsPlanned);
  }

  private static String summary(NotifierDocuments documents, List<LogPosition> positions) {
    String since =
        documents.stored().stream()
            .filter(document -> !NoticeCursor.isCursor(document.key()))
            .flatMap(document -> document.readAs(DocumentCodec.of(FirstUse.class)::read).stream())
            .map(FirstUse::since)
            .min(Instant::compareTo)
            .map(first -> "first used at " + first + ", ")
            .orElse("");
    return since
        + Count.of(positions.size(), "position", "positions")
        + " in logs; "
        + new LogPosition(
                "all logs",
                positions.stream().mapToLong(LogPosition::waiting).sum(),
                positions.stream().mapToLong(LogPosition::parked).sum())
            .lost();
  }

  /** A position that cannot be read counts as one without notices. */
  private LogPosition position(VersionedDocument stored) {
    String log = NoticeCursor.log(stored.key());
    Optional<NoticeCursor> cursor = stored.readAs(NoticeCursor::of);
    return new LogPosition(
        log,
        cursor
            .map(NoticeCursor::sequence)
            .map(passed -> Math.max(0, session.ledger().newestSequence(log) - passed))
            .orElse(0L),
        cursor.map(NoticeCursor::parkedCount).orElse(0L));
  }

  /** Removes some documents of one partition, also if they changed meanwhile. */
  private final class Removal implements Ledger.Change<Integer> {
    private final String partition;
    private final List<Key> keys;

    Removal(String partition, List<Key> keys) {
      this.partition = partition;
      this.keys = keys;
    }

    @Override
    public MeshAction action() {
      return NotifierRemoval.this.action();
    }

    @Override
    public String partition() {
      return partition;
    }

    @Override
    public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
      List<VersionedDocument> remaining =
          keys.stream().flatMap(key -> session.ledger().readLenient(key).stream()).toList();
      if (remaining.isEmpty()) {
        return CommitDraft.unchanged(0);
      }
      List<NoticeCursor> cursors =
          remaining.stream()
              .filter(document -> NoticeCursor.isCursor(document.key()))
              .flatMap(document -> document.readAs(NoticeCursor::of).stream())
              .toList();
      CommitDraft<Integer> draft =
          CommitDraft.<Integer>of("notifier.forgotten", session.principal(), partition)
              .details(
                  new EventDetails.ForgottenNotifier(
                      name,
                      remaining.stream().filter(each -> NoticeCursor.isCursor(each.key())).count(),
                      cursors.stream().mapToLong(NoticeCursor::parkedCount).sum()));
      remaining.forEach(draft::delete);
      return draft.result(remaining.size());
    }
  }
}
