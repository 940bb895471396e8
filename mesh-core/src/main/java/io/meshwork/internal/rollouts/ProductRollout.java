package io.meshwork.internal.rollouts;

import io.meshwork.error.MeshException;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rollout.RetirementEntry.Restoration;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollouts.RolloutActivation.UnfitRows;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.internal.tracks.RolloutGuard;
import io.meshwork.internal.tracks.RolloutTracks;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.BackFill;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.RowDifference;
import io.meshwork.rollout.RowDifference.Reason;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.Track;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/** A rollout as it was read. Immutable. */
record ProductRollout(ClientSession session, RolloutEntry entry) implements Rollout {
  @Override
  public ProductName product() {
    return entry.product();
  }

  @Override
  public int number() {
    return entry.number();
  }

  @Override
  public Kind kind() {
    return entry.kind();
  }

  @Override
  public List<AmendedTerm> amendedTerms() {
    return entry.amendedTerms();
  }

  @Override
  public int from() {
    return entry.from();
  }

  @Override
  public OptionalInt to() {
    return entry.newMajor();
  }

  @Override
  public Optional<MajorVersion> successor() {
    return entry.successor();
  }

  @Override
  public ContractVersion version() {
    return entry.version();
  }

  @Override
  public State state() {
    return entry.state();
  }

  @Override
  public String because() {
    return entry.because();
  }

  @Override
  public LocalDate retireAfter() {
    return entry.retireAfter();
  }

  @Override
  public Instant startedAt() {
    return entry.startedAt();
  }

  @Override
  public Optional<LeftOutRows> leftOut() {
    return entry
        .leftOut()
        .map(
            rows ->
                new LeftOutRows(
                    session.authorizer().shown(product(), entry.to(), rows.filter()),
                    rows.because()));
  }

  @Override
  public Optional<String> withoutHistory() {
    return entry.withoutHistory();
  }

  @Override
  public Optional<String> abortedBecause() {
    return entry.abortedBecause();
  }

  @Override
  public Optional<Instant> cutOver() {
    return entry.dates().cutOver();
  }

  @Override
  public boolean isApart() {
    return entry.apart();
  }

  @Override
  public List<RowDifference> differences() {
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

  @Override
  public Optional<Instant> announcedAt() {
    return entry.dates().announcedAt();
  }

  @Override
  public Optional<LocalDate> noticeEnds() {
    return entry.terms().map(RolloutTerms::noticeDate);
  }

  @Override
  public List<Track> tracks() {
    return new RolloutTracks(session, entry).all();
  }

  @Override
  public Track track(String consumer) {
    return new RolloutTracks(session, entry).one(consumer);
  }

  @Override
  public List<Track> waitingFor() {
    return new RolloutTracks(session, entry).waitingFor();
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> announce() {
    return new RolloutTransition(session, new RolloutAnnouncement(session, product(), number()));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> extend(LocalDate date) {
    return new RolloutTransition(
        session,
        new RolloutExtension(session, product(), number(), ArgumentChecks.date("date", date)));
  }

  @Override
  public BackFill backFill() {
    return new RolloutBackFill(session, product(), number(), CopiedRecords.converted());
  }

  @Override
  public <R> BackFill backFill(Class<R> type, Function<? super R, ?> mapping) {
    ArgumentChecks.required("type", type);
    return new RolloutBackFill(
        session,
        product(),
        number(),
        CopiedRecords.mapped(
            (columns, contract) -> RowMaterializers.asRecord(type, columns, contract),
            ArgumentChecks.required("mapping", mapping)));
  }

  @Override
  public BackFill backFill(Function<? super GenericRecord, ?> mapping) {
    return new RolloutBackFill(
        session,
        product(),
        number(),
        CopiedRecords.mapped(
            RowMaterializers::asAvro, ArgumentChecks.required("mapping", mapping)));
  }

  @Override
  public Operation<Verification> verify() {
    return new RolloutVerification(session, product(), number(), ComparedColumns.columns());
  }

  @Override
  public <R> Operation<Verification> verify(
      int major, Class<R> type, Function<? super R, ?> mapping) {
    ArgumentChecks.required("type", type);
    return new RolloutVerification(
        session,
        product(),
        number(),
        ComparedColumns.mapping(
            checked(major),
            CopiedRecords.mapped(
                (columns, contract) -> RowMaterializers.asRecord(type, columns, contract),
                ArgumentChecks.required("mapping", mapping))));
  }

  @Override
  public Operation<Verification> verify(int major, Function<? super GenericRecord, ?> mapping) {
    return new RolloutVerification(
        session,
        product(),
        number(),
        ComparedColumns.mapping(
            checked(major),
            CopiedRecords.mapped(
                RowMaterializers::asAvro, ArgumentChecks.required("mapping", mapping))));
  }

  private int checked(int major) {
    if (major != from() && !to().equals(OptionalInt.of(major))) {
      throw ArgumentChecks.refused(
          "major",
          "is " + major,
          to().isPresent()
              ? "Use " + from() + " or " + entry.to() + ", the versions of the rollout."
              : "Use " + from() + ", the version of the rollout.");
    }
    return major;
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> activate() {
    return new RolloutTransition(
        session, new RolloutActivation(session, product(), number(), UnfitRows.NONE));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> activateWithout(long unfitRows, String because) {
    if (unfitRows < 1) {
      throw ArgumentChecks.refused(
          "unfitRows", "is " + unfitRows, "Use the number of rows, or call activate().");
    }
    UnfitRows accepted =
        new UnfitRows(unfitRows, Optional.of(ArgumentChecks.text("because", because)));
    return new RolloutTransition(
        session, new RolloutActivation(session, product(), number(), accepted));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> makeCurrent() {
    return new RolloutTransition(session, new RolloutPromotion(session, product(), number()));
  }

  @Override
  public Optional<Instant> retiredAt() {
    return entry.dates().retiredAt();
  }

  @Override
  public Optional<Instant> restoredAt() {
    return entry.retirement().restoration().map(Restoration::at);
  }

  @Override
  public Optional<String> restoredBecause() {
    return entry.retirement().restoration().map(Restoration::because);
  }

  @Override
  public Optional<Instant> behindSince() {
    return entry.retirement().behindSince();
  }

  @Override
  public Optional<Instant> purgedAt() {
    return entry.retirement().purgedAt();
  }

  @Override
  public List<StewardRequest> pending() {
    return StoredRequest.pending(session, product()).stream()
        .filter(each -> each.entry().rollout() == number())
        .map(each -> each.visibleTo(session))
        .toList();
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> close() {
    return new RolloutTransition(session, new RolloutClosure(session, product(), number()));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> retire() {
    return new FencedTransition(
        session,
        entry.amendsContract()
            ? new AnnouncedAmendment(session, product(), number())
            : new RolloutRetirement(session, product(), number(), Optional.empty()));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> retireByForce(String because) {
    return new ForcedRetirement(
        session, product(), number(), ArgumentChecks.text("because", because));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> restore(String because) {
    return new RolloutTransition(
        session,
        new RolloutRestoration(
            session, product(), number(), ArgumentChecks.text("because", because)));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> purge(String because) {
    return new RolloutTransition(
        session,
        new RolloutPurge(session, product(), number(), ArgumentChecks.text("because", because)));
  }

  @Override
  public PlannedOperation<Plan<Rollout>, Rollout> abort(String because) {
    String reason = ArgumentChecks.text("because", because);
    return entry.newMajor().isEmpty()
        ? new RolloutTransition(session, new EndAbort(session, product(), number(), reason))
        : new FencedTransition(session, new RolloutAbort(session, product(), number(), reason));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProductRollout rollout && rollout.entry.equals(entry);
  }

  @Override
  public int hashCode() {
    return entry.hashCode();
  }

  /** Until when a retirement can be undone; nothing if it cannot. */
  private String undo(Instant retired) {
    Instant end = retired.plus(RolloutGuard.UNDO_WINDOW);
    boolean over = purgedAt().isPresent() || !session.runtime().clock().instant().isBefore(end);
    return over || kind() == Kind.AMENDMENT ? "" : "; restore(..) undoes it until " + end;
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "rollout "
                + number()
                + " of "
                + product()
                + ": major version "
                + from()
                + " -> "
                + (switch (kind()) {
                  case NEW_MAJOR_VERSION -> Integer.toString(entry.to());
                  case END -> successor().map(next -> "ends, then " + next).orElse("ends");
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
    amendedTerms().forEach(term -> text.append("\n  amends  ").append(term));
    cutOver()
        .ifPresent(at -> text.append("\n  since   ").append(at).append(" both have the same rows"));
    differences().stream()
        .filter(each -> each.reason() == Reason.UNFIT || each.reason() == Reason.CHANGED_ALONE)
        .forEach(each -> text.append("\n  differs ").append(each));
    leftOut()
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
    behindSince()
        .ifPresent(
            at ->
                text.append("\n  behind  rows published since ")
                    .append(at)
                    .append(" are only in major version ")
                    .append(entry.to()));
    purgedAt().ifPresent(at -> text.append("\n  purged  at ").append(at));
    withoutHistory()
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
      List<Track> tracks = tracks();
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
}
