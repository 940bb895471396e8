package io.meshwork.maintenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RequestDocuments;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.rights.RequestStanding.State;
import io.meshwork.internal.rights.RequestedData;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.Session;
import io.meshwork.maintenance.Upkeep.Work;
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
final class RequestReminder implements Chore, Ledger.Change<Boolean> {
  private static final Duration FIRST = Duration.ofDays(3);
  private static final Duration AGAIN = Duration.ofDays(7);

  private final Session session;
  private final RequestStanding standing;
  private final Say say;

  private RequestReminder(Session session, RequestStanding standing, Say say) {
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

  static Chore.Finder finder(Session session) {
    return (inventory, due) -> {
      Instant now = session.runtime().clock().instant();
      RequestDocuments documents = new RequestDocuments(session.ledger(), session.catalog());
      for (String partition : inventory.consumers()) {
        due.look(
            partition,
            () -> {
              for (RequestStanding standing : documents.in(partition)) {
                say(session, standing, now)
                    .ifPresent(say -> due.add(new RequestReminder(session, standing, say)));
              }
            });
      }
    };
  }

  /** Empty if there is nothing to say that was not said. */
  private static Optional<Say> say(Session session, RequestStanding standing, Instant now) {
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

  private static Optional<Stored> note(Session session, RequestEntry request) {
    return session.ledger().read(noteKey(request));
  }

  private static Key noteKey(RequestEntry request) {
    return Keys.reminder(Keys.partition(request.product()), request.id());
  }

  /** What was said of a request before it was asked in other terms does not count. */
  private static boolean isOf(Stored note, RequestEntry request) {
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
  public void run(Upkeep.Tally tally, Deadline deadline) {
    if (session.ledger().commit(this, deadline)) {
      tally.add(partition(), Work.REMINDERS_SENT, 1);
    }
  }

  @Override
  public String doing() {
    return "remind of request " + standing.request().id();
  }

  @Override
  public String partition() {
    return Keys.partition(standing.request().product());
  }

  @Override
  public Draft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<RequestStanding> now =
        session
            .ledger()
            .read(standing.stored().key())
            .map(new RequestDocuments(session.ledger(), session.catalog())::standing);
    Optional<Say> still = now.flatMap(each -> say(session, each, attempt.now()));
    if (still.isEmpty()) {
      return Draft.settled(false);
    }
    RequestEntry request = now.orElseThrow().request();
    Draft<Boolean> draft =
        Draft.<Boolean>of(
                still.get().expired() ? "access.expired" : "access.reminded",
                session.principal(),
                Inventory.written(session, request.product()))
            .detail("request", request.id())
            .detail("domain", request.domain())
            .detail("risk", risk(request).name())
            .detail("requester", request.requester().toString())
            .detail("since", request.amendedAt().toString());
    ObjectNode json =
        Documents.create()
            .put("since", request.amendedAt().toString())
            .put("reminders", still.get().reminders())
            .put("expired", still.get().expired());
    Optional<Stored> note = note(session, request);
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
                session.catalog().requireProduct(request.product(), doing()).currentMajor(),
                doing());
    return RequestedData.of(request, version.contract()).risk();
  }
}
