package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells owner and grantee that a grant on a product ends soon, and once more when it ended. What
 * was said is kept beside the product with the end that it was said of, so that nothing is said
 * twice, and a grant that goes on is spoken of anew.
 */
final class GrantReminder implements MaintenanceTask, Ledger.Change<Boolean> {
  private static final Duration SOON = Duration.ofDays(14);

  private final ClientSession session;
  private final VersionedDocument stored;
  private final StoredGrant grant;
  private final boolean over;

  private GrantReminder(ClientSession session, VersionedDocument stored, boolean over) {
    this.session = session;
    this.stored = stored;
    this.grant = StoredGrant.of(stored);
    this.over = over;
  }

  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, due) -> {
      Instant now = session.runtime().clock().instant();
      for (String partition : inventory.tables().keySet().stream().sorted().toList()) {
        due.inspect(
            partition,
            () -> {
              for (VersionedDocument stored :
                  session.ledger().list(partition, RegistryKeys.GRANTS)) {
                over(session, stored, now)
                    .ifPresent(over -> due.add(new GrantReminder(session, stored, over)));
              }
            });
      }
    };
  }

  /** True if it is to be said that it is over, false if that it soon will be; empty if nothing. */
  private static Optional<Boolean> over(
      ClientSession session, VersionedDocument stored, Instant now) {
    StoredGrant grant = StoredGrant.of(stored);
    Optional<Instant> end = grant.until();
    if (end.isEmpty()
        || now.isBefore(end.get().minus(SOON))
        || !(grant.on() instanceof GrantTarget.OfProduct)) {
      return Optional.empty();
    }
    boolean over = !now.isBefore(end.get());
    return session
            .ledger()
            .read(noteKey(stored, grant))
            .filter(note -> note.json().path("until").asText().equals(end.get().toString()))
            .filter(note -> !over || note.json().path("over").asBoolean())
            .isPresent()
        ? Optional.empty()
        : Optional.of(over);
  }

  private static Key noteKey(VersionedDocument stored, StoredGrant grant) {
    return RegistryKeys.reminder(stored.key().partition(), grant.id());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "tell both", partition(), "grant " + grant.id() + (over ? " ended" : " ends soon"), "");
  }

  @Override
  public String basis() {
    return stored.version();
  }

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
    Optional<Boolean> still = now.flatMap(each -> over(session, each, attempt.clock()));
    if (still.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    StoredGrant told = StoredGrant.of(now.orElseThrow());
    String end = told.until().orElseThrow().toString();
    GrantTarget.OfProduct of = (GrantTarget.OfProduct) told.on();
    CommitDraft<Boolean> draft =
        CommitDraft.<Boolean>of(
                still.get() ? "grant.ended" : "grant.ending",
                session.principal(),
                MeshInventory.written(session, of.product()))
            .detail("grant", told.id())
            .detail("to", told.to().id())
            .detail("until", end);
    Key key = noteKey(stored, told);
    Optional<VersionedDocument> note = session.ledger().read(key);
    if (note.isPresent()) {
      draft.replace(note.get(), DocumentJson.create().put("until", end).put("over", still.get()));
    } else {
      draft.insert(key, DocumentJson.create().put("until", end).put("over", still.get()));
    }
    return draft.check(now.orElseThrow()).result(true);
  }
}
