package io.meshwork.internal.rollouts;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.rollout.RetirementEntry.Restoration;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.ExcludedRows;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.internal.tracks.RolloutGuard;
import io.meshwork.internal.tracks.RolloutTracks;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A rollout as it was read, with what all kinds have. Immutable.
 *
 * @param <R> its kind
 */
abstract class RolloutView<R extends Rollout<R>> implements Rollout<R> {
  final ClientSession session;
  final RolloutEntry entry;

  RolloutView(ClientSession session, RolloutEntry entry) {
    this.session = session;
    this.entry = entry;
  }

  /** The view of a rollout for the caller of the session. */
  static Rollout<?> of(ClientSession session, RolloutEntry entry) {
    return switch (entry.kind()) {
      case NEW_MAJOR_VERSION -> new MajorRolloutView(session, entry);
      case END -> new ProductEndView(session, entry);
      case AMENDMENT -> new TermsAmendmentView(session, entry);
    };
  }

  /** The same rollout as a change left it. */
  abstract R after(RolloutEntry next);

  final PlannedOperation<Plan<R>, R> transition(RolloutTransition.Change change) {
    return new RolloutTransition<>(session, change, this::after);
  }

  final PlannedOperation<Plan<R>, R> fenced(FencedTransition.Change change) {
    return new FencedTransition<>(session, change, this::after);
  }

  /** An operation that is known once its reason is. */
  final PlannedOperation.WithReason<R> reasoned(
      MeshAction action, Function<String, PlannedOperation<Plan<R>, R>> operations) {
    return new ReasonedTransition<>(session, action, operations);
  }

  @Override
  public final ProductName product() {
    return entry.product();
  }

  @Override
  public final int number() {
    return entry.number();
  }

  @Override
  public final int from() {
    return entry.from();
  }

  @Override
  public final ContractVersion version() {
    return entry.version();
  }

  @Override
  public final State state() {
    return entry.state();
  }

  @Override
  public final String because() {
    return entry.because();
  }

  @Override
  public final LocalDate retireAfter() {
    return entry.retireAfter();
  }

  @Override
  public final Instant startedAt() {
    return entry.startedAt();
  }

  @Override
  public final Optional<String> abortedBecause() {
    return entry.abortedBecause();
  }

  @Override
  public final Optional<Instant> announcedAt() {
    return entry.dates().announcedAt();
  }

  @Override
  public final Optional<LocalDate> noticeEnds() {
    return entry.terms().map(RolloutTerms::noticeDate);
  }

  @Override
  public final Optional<Instant> retiredAt() {
    return entry.dates().retiredAt();
  }

  @Override
  public final List<Track.Move> tracks() {
    return new RolloutTracks(session, entry).all();
  }

  @Override
  public final Track.Move track(String consumer) {
    return new RolloutTracks(session, entry).one(consumer);
  }

  @Override
  public final List<Track.Move> waitingFor() {
    return new RolloutTracks(session, entry).waitingFor();
  }

  @Override
  public final PlannedOperation<Plan<R>, R> announce() {
    return transition(new RolloutAnnouncement(session, product(), number()));
  }

  @Override
  public final PlannedOperation<Plan<R>, R> extend(LocalDate date) {
    return transition(
        new RolloutExtension(session, product(), number(), ArgumentChecks.date("date", date)));
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof RolloutView<?> rollout && rollout.entry.equals(entry);
  }

  @Override
  public final int hashCode() {
    return entry.hashCode();
  }

  final List<RowDifference> shownDifferences() {
    boolean owner =
        session
            .catalog()
            .findDomain(product().domain())
            .filter(found -> found.domain().accounts().contains(session.principal().account()))
            .isPresent();
    return owner
        ? entry.allDifferences()
        : entry.allDifferences().stream().map(RowDifference::withoutDetails).toList();
  }

  final Optional<ExcludedRows> shownExclusion() {
    return entry
        .leftOut()
        .map(
            rows ->
                new ExcludedRows(
                    session.authorizer().shown(product(), entry.to(), rows.filter()),
                    rows.because()));
  }

  /** Until when a retirement can be undone; nothing if it cannot. */
  private String undo(Instant retired) {
    Instant end = retired.plus(RolloutGuard.UNDO_WINDOW);
    boolean over =
        entry.retirement().purgedAt().isPresent()
            || !session.runtime().clock().instant().isBefore(end);
    return over || entry.amendsContract() ? "" : "; restore() undoes it until " + end;
  }

  @Override
  public final String toString() {
    StringBuilder text =
        new StringBuilder(
            "rollout "
                + number()
                + " of "
                + product()
                + ": major version "
                + from()
                + " -> "
                + (switch (entry.kind()) {
                  case NEW_MAJOR_VERSION -> Integer.toString(entry.to());
                  case END -> entry.successor().map(next -> "ends, then " + next).orElse("ends");
                  case AMENDMENT -> version().toString();
                })
                + "  "
                + state());
    text.append("\n  because ").append(because());
    text.append("\n  dates   started at ")
        .append(startedAt())
        .append(entry.amendsContract() ? "; the contract of major version " : "; major version ")
        .append(from())
        .append(state().isEnded() ? " was" : " is")
        .append(
            entry.amendsContract() ? " proposed to change after " : " proposed to retire after ")
        .append(retireAfter());
    entry.amendedTerms().forEach(term -> text.append("\n  amends  ").append(term));
    entry
        .dates()
        .cutOver()
        .ifPresent(at -> text.append("\n  since   ").append(at).append(" both have the same rows"));
    shownDifferences().stream()
        .filter(each -> each.reason() == Reason.UNFIT || each.reason() == Reason.CHANGED_ALONE)
        .forEach(each -> text.append("\n  differs ").append(each));
    shownExclusion()
        .ifPresent(
            rows ->
                text.append("\n  only    version ")
                    .append(entry.to())
                    .append(" has the rows where ")
                    .append(rows.filter())
                    .append(": ")
                    .append(rows.because()));
    retiredAt()
        .ifPresent(
            at ->
                text.append(entry.amendsContract() ? "\n  amended at " : "\n  retired at ")
                    .append(at)
                    .append(undo(at)));
    entry
        .retirement()
        .restoration()
        .ifPresent(
            undone ->
                text.append("\n  restored at ")
                    .append(undone.at())
                    .append(": ")
                    .append(undone.because()));
    if (!entry.retirement().overridden().isEmpty()) {
      text.append("\n  forced  under ").append(String.join(", ", entry.retirement().overridden()));
    }
    entry
        .retirement()
        .behindSince()
        .ifPresent(
            at ->
                text.append("\n  behind  rows published since ")
                    .append(at)
                    .append(" are only in major version ")
                    .append(entry.to()));
    entry.retirement().purgedAt().ifPresent(at -> text.append("\n  purged  at ").append(at));
    entry
        .withoutHistory()
        .ifPresent(reason -> text.append("\n  history starts without rows: ").append(reason));
    abortedBecause().ifPresent(reason -> text.append("\n  aborted ").append(reason));
    noticeEnds()
        .ifPresent(
            date -> {
              text.append("\n  notice  ends on ").append(date);
              appendTracks(text);
            });
    return text.toString();
  }

  /** The page remains readable when the tracks cannot be read. */
  private void appendTracks(StringBuilder text) {
    try {
      List<Track.Move> tracks = tracks();
      List<String> waiting =
          state().isEnded()
              ? List.of()
              : tracks.stream().filter(track -> !track.released()).map(Track::consumer).toList();
      text.append("\n  waits   ")
          .append(waiting.isEmpty() ? "for no consumer" : "for " + String.join(", ", waiting));
      tracks.forEach(track -> text.append("\n  track   ").append(track));
    } catch (MeshException e) {
      text.append("\n  tracks  cannot be read: ").append(e.errorCode());
    }
  }

  /**
   * A change of a rollout that needs a reason. Not thread-safe.
   *
   * @param <R> the rollout
   */
  static final class ReasonedTransition<R> implements PlannedOperation.WithReason<R> {
    private final ClientSession session;
    private final MeshAction action;
    private final Function<String, PlannedOperation<Plan<R>, R>> operations;
    private @Nullable PlannedOperation<Plan<R>, R> operation;

    /**
     * Creates it.
     *
     * @param operations the change for a reason
     */
    ReasonedTransition(
        ClientSession session,
        MeshAction action,
        Function<String, PlannedOperation<Plan<R>, R>> operations) {
      this.session = session;
      this.action = action;
      this.operations = operations;
    }

    @Override
    public PlannedOperation.WithReason<R> because(String text) {
      operation = operations.apply(ArgumentChecks.text("because", text));
      return this;
    }

    @Override
    public Plan<R> plan() {
      return operation().plan();
    }

    @Override
    public R commit() {
      return operation().commit();
    }

    @Override
    public R commitAsPlanned(String fingerprint) {
      return operation().commitAsPlanned(fingerprint);
    }

    private PlannedOperation<Plan<R>, R> operation() {
      session.checkOpen(action);
      if (operation == null) {
        throw ArgumentChecks.missingReason(action, "Set the reason.");
      }
      return operation;
    }
  }

  /**
   * A rollout that takes a major version out of use. Immutable.
   *
   * @param <R> its kind
   */
  abstract static class WithdrawalView<R extends Rollout<R>> extends RolloutView<R> {
    WithdrawalView(ClientSession session, RolloutEntry entry) {
      super(session, entry);
    }

    public final PlannedOperation<Plan<R>, R> close() {
      return transition(new RolloutClosure(session, product(), number()));
    }

    @Override
    public final PlannedOperation<Plan<R>, R> retire() {
      return fenced(new RolloutRetirement(session, product(), number(), Optional.empty()));
    }

    public final PlannedOperation.WithReason<R> retireByForce() {
      return reasoned(
          new ForcedRetirementProposal(session, product(), number(), "").action(),
          because -> new ForcedRetirement<>(session, product(), number(), because, this::after));
    }

    public final PlannedOperation.WithReason<R> restore() {
      return reasoned(restoration("").action(), because -> transition(restoration(because)));
    }

    private RolloutRestoration restoration(String because) {
      return new RolloutRestoration(session, product(), number(), because);
    }

    public final PlannedOperation.WithReason<R> purge() {
      return reasoned(purging("").action(), because -> transition(purging(because)));
    }

    private RolloutPurge purging(String because) {
      return new RolloutPurge(session, product(), number(), because);
    }

    public final List<StewardRequest> pending() {
      return StoredRequest.pending(session, product()).stream()
          .filter(each -> each.entry().rollout() == number())
          .map(each -> each.visibleTo(session))
          .toList();
    }

    public final Optional<Instant> restoredAt() {
      return entry.retirement().restoration().map(Restoration::at);
    }

    public final Optional<String> restoredBecause() {
      return entry.retirement().restoration().map(Restoration::because);
    }

    public final Optional<Instant> purgedAt() {
      return entry.retirement().purgedAt();
    }
  }

  /** The end of a product as it was read. Immutable. */
  static final class ProductEndView extends WithdrawalView<ProductEnd> implements ProductEnd {
    ProductEndView(ClientSession session, RolloutEntry entry) {
      super(session, entry);
    }

    @Override
    ProductEnd after(RolloutEntry next) {
      return new ProductEndView(session, next);
    }

    @Override
    public Optional<MajorVersion> successor() {
      return entry.successor();
    }

    @Override
    public PlannedOperation.WithReason<ProductEnd> abort() {
      return reasoned(aborting("").action(), because -> transition(aborting(because)));
    }

    private EndAbort aborting(String because) {
      return new EndAbort(session, product(), number(), because);
    }
  }

  /** An amendment of a contract as it was read. Immutable. */
  static final class TermsAmendmentView extends RolloutView<TermsAmendment>
      implements TermsAmendment {
    TermsAmendmentView(ClientSession session, RolloutEntry entry) {
      super(session, entry);
    }

    @Override
    TermsAmendment after(RolloutEntry next) {
      return new TermsAmendmentView(session, next);
    }

    @Override
    public List<AmendedTerm> amendedTerms() {
      return entry.amendedTerms();
    }

    @Override
    public PlannedOperation<Plan<TermsAmendment>, TermsAmendment> retire() {
      return fenced(new AnnouncedAmendment(session, product(), number()));
    }

    @Override
    public PlannedOperation.WithReason<TermsAmendment> abort() {
      return reasoned(aborting("").action(), because -> transition(aborting(because)));
    }

    private EndAbort aborting(String because) {
      return new EndAbort(session, product(), number(), because);
    }
  }
}
