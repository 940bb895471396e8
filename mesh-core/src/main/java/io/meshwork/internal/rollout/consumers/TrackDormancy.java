package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.StewardLog;
import io.meshwork.internal.stewards.StewardRequestEntry;
import io.meshwork.internal.stewards.Stewards;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StewardRequest.Kind;
import java.util.List;
import java.util.Optional;

/** Requests the approval of a steward to continue without an inactive consumer. Not thread-safe. */
final class TrackDormancy extends TrackOperation {
  private final String because;

  TrackDormancy(ClientSession session, ConsumerTrack track, String because) {
    super(session, track, action(track));
    this.because = because;
  }

  private static MeshAction action(ConsumerTrack track) {
    return MeshAction.of(Verb.CONTINUE, rollout(track) + " without " + track.consumer());
  }

  @Override
  public CommitDraft<Track> draft(Ledger.Attempt attempt) {
    DomainEntry domain =
        requireProductOwner(
            "The owner requests this. As the consumer, answer with agree() or counter(date), or"
                + " end your subscription with unsubscribe(..).");
    TrackContext context = TrackContext.of(session, track, action(), attempt.clock());
    requirePossible(context, domain);
    List<StoredRequest> earlier =
        StoredRequest.open(session, product(), Kind.DORMANT, number()).stream()
            .filter(each -> each.entry().consumers().equals(List.of(track.consumer())))
            .toList();
    if (earlier.stream().anyMatch(each -> each.entry().because().equals(because))) {
      return CommitDraft.unchanged(context.after(session, context.consumer()));
    }
    StewardRequestEntry request =
        new StewardRequestEntry(
            attempt.id(),
            product(),
            Kind.DORMANT,
            number(),
            because,
            List.of(),
            List.of(track.consumer()),
            session.principal(),
            attempt.now(),
            Optional.empty());
    CommitDraft<Track> draft = StewardLog.requested(request, session.principal());
    context.check(draft).check(domain.stored());
    earlier.forEach(each -> each.complete(draft, attempt.now()));
    draft.insert(
        RegistryKeys.stewardRequest(product(), request.id()), request.toDocument(Optional.empty()));
    return draft.result(context.after(session, context.consumer()));
  }

  private void requirePossible(TrackContext context, DomainEntry owner) {
    List<Finding> findings =
        TrackRules.dormant(context.consumer().facts(), context.terms(), context.now());
    if (!findings.isEmpty()) {
      throw Failure.of(action())
          .because(findings.get(0).what())
          .fix(findings.get(0).fix())
          .findings(findings)
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    if (Stewards.forOwner(session, owner.domain().accounts()).isEmpty()) {
      throw Failure.of(action())
          .because("no steward of another domain is appointed who could approve it")
          .fix("Have a steward appointed with governance().appoint(..).")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }
}
