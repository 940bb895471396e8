package io.meshwork.internal.maintenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.grants.DecisionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reminds owner and grantee that a grant on a product ends soon, and notifies them when it ended. A
 * reminder is recorded with the product and the end of the grant, so that it is sent once, and
 * again if the end changes.
 */
final class GrantReminder implements MaintenanceTask, Ledger.Change<Boolean> {
  private static final Duration LEAD_TIME = Duration.ofDays(14);

  private final ClientSession session;
  private final VersionedDocument stored;
  private final StoredGrant grant;
  private final boolean ended;

  private GrantReminder(ClientSession session, VersionedDocument stored, boolean ended) {
    this.session = session;
    this.stored = stored;
    this.grant = StoredGrant.of(stored);
    this.ended = ended;
  }

  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      Instant now = session.runtime().clock().instant();
      for (String partition : inventory.tables().keySet().stream().sorted().toList()) {
        queue.inspect(
            partition,
            () -> {
              for (VersionedDocument stored :
                  session.ledger().list(partition, RegistryKeys.GRANTS)) {
                add(session, stored, now, queue);
              }
            });
      }
      for (String domain : inventory.domains()) {
        queue.inspect(domain, () -> addExecuted(session, domain, now, queue));
      }
    };
  }

  private static void addExecuted(
      ClientSession session, String domain, Instant now, MaintenanceQueue queue) {
    RightsDocuments documents = session.rights().with(Map.of());
    Set<VersionedDocument> uncovered =
        Set.copyOf(documents.uncovered(domain, DecisionEntry::isApproval));
    for (Catalog.Executor executor : documents.executors(domain)) {
      for (VersionedDocument stored : documents.list(executor.partition(), RegistryKeys.GRANTS)) {
        if (!uncovered.contains(stored)) {
          add(session, stored, now, queue);
        }
      }
    }
  }

  private static void add(
      ClientSession session, VersionedDocument stored, Instant now, MaintenanceQueue queue) {
    ended(session, stored, now)
        .ifPresent(ended -> queue.add(new GrantReminder(session, stored, ended)));
  }

  /** Returns true to send that it ended, false to send that it ends soon; empty for nothing. */
  private static Optional<Boolean> ended(
      ClientSession session, VersionedDocument stored, Instant now) {
    StoredGrant grant = StoredGrant.of(stored);
    Optional<Instant> end = grant.until();
    if (end.isEmpty()
        || now.isBefore(end.get().minus(LEAD_TIME))
        || !(grant.on() instanceof GrantTarget.OfProduct)) {
      return Optional.empty();
    }
    boolean ended = !now.isBefore(end.get());
    return session
            .ledger()
            .read(reminderKey(stored, grant))
            .map(DocumentCodec.of(ReminderDocument.class)::read)
            .filter(reminder -> reminder.until().equals(end.get()))
            .filter(reminder -> !ended || reminder.over())
            .isPresent()
        ? Optional.empty()
        : Optional.of(ended);
  }

  private static Key reminderKey(VersionedDocument stored, StoredGrant grant) {
    return RegistryKeys.reminder(stored.key().partition(), grant.id());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "notify both", partition(), "grant " + grant.id() + (ended ? " ended" : " ends soon"), "");
  }

  @Override
  public String basis() {
    return stored.version();
  }

  /**
   * The last reminder of a grant, as the registry stores it.
   *
   * @param over true if the grant has ended
   */
  private record ReminderDocument(Instant until, boolean over) {}

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    if (session.ledger().commit(this, deadline)) {
      tally.add(partition(), Work.REMINDERS_SENT, 1);
    }
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.REMIND, "grant " + grant.id());
  }

  @Override
  public String partition() {
    return stored.key().partition();
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<VersionedDocument> now = session.ledger().read(stored.key());
    Optional<Boolean> nowEnded = now.flatMap(each -> ended(session, each, attempt.clock()));
    if (nowEnded.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    StoredGrant current = StoredGrant.of(now.orElseThrow());
    Instant end = current.until().orElseThrow();
    GrantTarget.OfProduct target = (GrantTarget.OfProduct) current.on();
    CommitDraft<Boolean> draft =
        CommitDraft.<Boolean>of(
                nowEnded.get() ? "grant.ended" : "grant.ending",
                session.principal(),
                MeshInventory.displayName(session, target.product()))
            .details(new EventDetails.GrantExpiration(current.id(), current.to().id(), end));
    Key key = reminderKey(stored, current);
    Optional<VersionedDocument> reminder = session.ledger().read(key);
    ObjectNode json = DocumentCodec.document(new ReminderDocument(end, nowEnded.get()));
    reminder.ifPresentOrElse(last -> draft.replace(last, json), () -> draft.insert(key, json));
    return draft.check(now.orElseThrow()).result(true);
  }
}
