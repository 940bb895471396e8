package io.meshwork.internal.maintenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.grants.RequestDocuments;
import io.meshwork.internal.grants.RequestEntry;
import io.meshwork.internal.grants.RequestState;
import io.meshwork.internal.grants.RequestState.State;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
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
 * Reminds the owner of a waiting request, or notifies both sides that it expired. Reminders are
 * recorded with the product, so that each is sent once.
 */
final class RequestReminder implements MaintenanceTask, Ledger.Change<Boolean> {
  private static final Duration FIRST = Duration.ofDays(3);
  private static final Duration AGAIN = Duration.ofDays(7);
  private static final DocumentCodec<SentReminder> CODEC = DocumentCodec.of(SentReminder.class);

  private final ClientSession session;
  private final RequestState state;
  private final Reminder reminder;

  private RequestReminder(ClientSession session, RequestState state, Reminder reminder) {
    this.session = session;
    this.state = state;
    this.reminder = reminder;
  }

  /**
   * A reminder to send.
   *
   * @param expired true if the request can no longer be decided
   * @param reminders how many reminders are due since the request, including this one
   */
  private record Reminder(boolean expired, long reminders) {}

  /**
   * The stored last reminder.
   *
   * @param since when the request was made or amended
   */
  private record SentReminder(Instant since, long reminders, boolean expired) {}

  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      Instant now = session.runtime().clock().instant();
      RequestDocuments documents = new RequestDocuments(session.ledger(), session.catalog());
      for (String partition : inventory.consumers()) {
        queue.inspect(
            partition,
            () -> {
              for (RequestState state : documents.in(partition)) {
                if (inventory
                    .maintained()
                    .includes(RegistryKeys.partition(state.request().product()))) {
                  reminder(session, state, now)
                      .ifPresent(
                          reminder -> queue.add(new RequestReminder(session, state, reminder)));
                }
              }
            });
      }
    };
  }

  /** Returns the reminder that is due; empty if it was sent before. */
  private static Optional<Reminder> reminder(
      ClientSession session, RequestState state, Instant now) {
    RequestEntry request = state.request();
    State current = state.state(now);
    Duration waited = Duration.between(request.amendedAt(), now);
    boolean expired = current == State.EXPIRED;
    if (!expired && (current != State.WAITING || waited.compareTo(FIRST) < 0)) {
      return Optional.empty();
    }
    long reminders = expired ? 0 : 1 + waited.minus(FIRST).dividedBy(AGAIN);
    return lastSent(session, request)
            .map(CODEC::read)
            .filter(sent -> isOf(sent, request))
            .filter(sent -> sent.expired() || (!expired && sent.reminders() >= reminders))
            .isPresent()
        ? Optional.empty()
        : Optional.of(new Reminder(expired, reminders));
  }

  private static Optional<VersionedDocument> lastSent(ClientSession session, RequestEntry request) {
    return session.ledger().read(reminderKey(request));
  }

  private static Key reminderKey(RequestEntry request) {
    return RegistryKeys.reminder(RegistryKeys.partition(request.product()), request.id());
  }

  /** Reminders from before the request was amended do not count. */
  private static boolean isOf(SentReminder sent, RequestEntry request) {
    return sent.since().equals(request.amendedAt());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        reminder.expired() ? "notify both" : "remind the owner",
        partition(),
        "request " + state.request().id() + (reminder.expired() ? " expired" : " waits"),
        "");
  }

  @Override
  public String basis() {
    return state.stored().version() + reminder;
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    if (session.ledger().commit(this, deadline)) {
      tally.add(partition(), Work.REMINDERS_SENT, 1);
    }
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.REMIND, "request " + state.request().id());
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(state.request().product());
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<RequestState> now =
        session
            .ledger()
            .read(state.stored().key())
            .map(new RequestDocuments(session.ledger(), session.catalog())::stateOf);
    Optional<Reminder> still = now.flatMap(each -> reminder(session, each, attempt.clock()));
    if (still.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    RequestEntry request = now.orElseThrow().request();
    CommitDraft<Boolean> draft =
        CommitDraft.<Boolean>of(
                still.get().expired() ? "access.expired" : "access.reminded",
                session.principal(),
                MeshInventory.displayName(session, request.product()))
            .details(
                new EventDetails.UndecidedRequest(
                    request.id(),
                    request.domain(),
                    risk(request),
                    request.requester().toString(),
                    request.amendedAt()));
    Optional<VersionedDocument> sent = lastSent(session, request);
    ObjectNode json =
        CODEC.write(
            new SentReminder(request.amendedAt(), still.get().reminders(), still.get().expired()),
            sent);
    if (sent.isPresent()) {
      draft.replace(sent.get(), json);
    } else {
      draft.insert(reminderKey(request), json);
    }
    return draft.check(now.orElseThrow().stored()).result(true);
  }

  /** Returns the classification of the requested data, by the current contract. */
  private Classification risk(RequestEntry request) {
    ProductEntry product = session.catalog().requireProduct(request.product(), action());
    return request.risk(
        session
            .rights()
            .withoutTags(product, session.catalog().liveMajorsOrCurrent(product, action())));
  }
}
