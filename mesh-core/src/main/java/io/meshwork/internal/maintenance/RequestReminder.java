package io.meshwork.internal.maintenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.requests.RequestDocuments;
import io.meshwork.internal.requests.RequestEntry;
import io.meshwork.internal.requests.RequestState;
import io.meshwork.internal.requests.RequestState.State;
import io.meshwork.internal.requests.RequestedData;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Classification;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Reminds the owner of a request that waits, or tells both sides that it expired. What was said of
 * it before is kept beside the product, so that nothing is said twice.
 */
final class RequestReminder implements MaintenanceTask, Ledger.Change<Boolean> {
  private static final Duration FIRST = Duration.ofDays(3);
  private static final Duration AGAIN = Duration.ofDays(7);

  private final ClientSession session;
  private final RequestState standing;
  private final Say say;

  private RequestReminder(ClientSession session, RequestState standing, Say say) {
    this.session = session;
    this.standing = standing;
    this.say = say;
  }

  /**
   * What is to be said of a request.
   *
   * @param expired true if nobody can decide on it any more
   * @param reminders how many reminders of it there should have been
   */
  private record Say(boolean expired, long reminders) {}

  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, due) -> {
      Instant now = session.runtime().clock().instant();
      RequestDocuments documents = new RequestDocuments(session.ledger(), session.catalog());
      for (String partition : inventory.consumers()) {
        due.inspect(
            partition,
            () -> {
              for (RequestState standing : documents.in(partition)) {
                say(session, standing, now)
                    .ifPresent(say -> due.add(new RequestReminder(session, standing, say)));
              }
            });
      }
    };
  }

  /** Empty if there is nothing to say that was not said. */
  private static Optional<Say> say(ClientSession session, RequestState standing, Instant now) {
    RequestEntry request = standing.request();
    State state = standing.state(now);
    Duration waited = Duration.between(request.amendedAt(), now);
    boolean expired = state == State.EXPIRED;
    if (!expired && (state != State.WAITING || waited.compareTo(FIRST) < 0)) {
      return Optional.empty();
    }
    long reminders = expired ? 0 : 1 + waited.minus(FIRST).dividedBy(AGAIN);
    return note(session, request)
            .filter(note -> isOf(note, request))
            .filter(
                note ->
                    note.json().path("expired").asBoolean()
                        || (!expired && note.json().path("reminders").asLong() >= reminders))
            .isPresent()
        ? Optional.empty()
        : Optional.of(new Say(expired, reminders));
  }

  private static Optional<VersionedDocument> note(ClientSession session, RequestEntry request) {
    return session.ledger().read(noteKey(request));
  }

  private static Key noteKey(RequestEntry request) {
    return RegistryKeys.reminder(RegistryKeys.partition(request.product()), request.id());
  }

  /** What was said of a request before it was asked in other terms does not count. */
  private static boolean isOf(VersionedDocument note, RequestEntry request) {
    return note.json().path("since").asText().equals(request.amendedAt().toString());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        say.expired() ? "tell both" : "remind the owner",
        partition(),
        "request " + standing.request().id() + (say.expired() ? " expired" : " waits"),
        "");
  }

  @Override
  public String basis() {
    return standing.stored().version() + say;
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    if (session.ledger().commit(this, deadline)) {
      tally.add(partition(), Work.REMINDERS_SENT, 1);
    }
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.REMIND, "request " + standing.request().id());
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(standing.request().product());
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<RequestState> now =
        session
            .ledger()
            .read(standing.stored().key())
            .map(new RequestDocuments(session.ledger(), session.catalog())::stateOf);
    Optional<Say> still = now.flatMap(each -> say(session, each, attempt.clock()));
    if (still.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    RequestEntry request = now.orElseThrow().request();
    CommitDraft<Boolean> draft =
        CommitDraft.<Boolean>of(
                still.get().expired() ? "access.expired" : "access.reminded",
                session.principal(),
                MeshInventory.written(session, request.product()))
            .detail("request", request.id())
            .detail("domain", request.domain())
            .detail("risk", risk(request).name())
            .detail("requester", request.requester().toString())
            .detail("since", request.amendedAt().toString());
    ObjectNode json =
        DocumentJson.create()
            .put("since", request.amendedAt().toString())
            .put("reminders", still.get().reminders())
            .put("expired", still.get().expired());
    Optional<VersionedDocument> note = note(session, request);
    if (note.isPresent()) {
      draft.replace(note.get(), json);
    } else {
      draft.insert(noteKey(request), json);
    }
    return draft.check(now.orElseThrow().stored()).result(true);
  }

  /** How sensitive what is asked is, by the contract in force. */
  private Classification risk(RequestEntry request) {
    VersionEntry version =
        session
            .catalog()
            .requireVersion(
                request.product(),
                session.catalog().requireProduct(request.product(), action()).currentMajor(),
                action());
    ProductColumns columns = session.rights().columns(request.product(), version);
    return RequestedData.of(request.now(columns), version.contract()).risk();
  }
}
