package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.MeshException;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.RolloutTracks;
import io.meshwork.internal.rollout.consumers.TrackedConsumer;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rollout that was read, with what all kinds have. Immutable.
 *
 * @param <R> its kind
 */
abstract class RolloutView<R extends Rollout<R>> implements Rollout<R> {
  protected final ClientSession session;
  protected final RolloutEntry entry;

  protected RolloutView(ClientSession session, RolloutEntry entry) {
    this.session = session;
    this.entry = entry;
  }

  /** The same rollout as a change left it. */
  protected abstract R after(RolloutEntry next);

  protected final PlannedOperation<Plan<R>, R> transition(StateChange change) {
    return change.operation(session, this::after);
  }

  /** A change that is known once its reason is. */
  protected final PlannedOperation.WithReason<R> reasoned(Function<String, StateChange> changes) {
    return new ReasonedTransition<>(
        session, changes.apply("").action(), because -> transition(changes.apply(because)));
  }

  /** Aborts a rollout that has no new major version. */
  final PlannedOperation.WithReason<R> abortion() {
    return reasoned(because -> new EndAbort(session, product(), number(), because));
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
    return entry.contractVersion();
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

  /** What becomes of the major version, such as the number of the next one. */
  protected abstract String change();

  /** What is proposed, such as that a major version retires. */
  protected abstract String proposal(String verb);

  /** Adds what only its kind has. */
  protected abstract void addFacts(List<String> lines);

  @Override
  public final String toString() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "rollout "
            + number()
            + " of "
            + product()
            + ": major version "
            + from()
            + " -> "
            + change()
            + "  "
            + state());
    lines.add("because " + because());
    lines.add(
        "dates   started at "
            + startedAt().truncatedTo(ChronoUnit.SECONDS)
            + "; "
            + proposal(state().isEnded() ? " was" : " is")
            + " after "
            + retireAfter());
    addFacts(lines);
    abortedBecause().ifPresent(reason -> lines.add("aborted " + reason));
    noticeEnds()
        .ifPresent(
            date -> {
              lines.add(notice() + date);
              addTracks(lines);
            });
    return String.join("\n  ", lines);
  }

  private String notice() {
    return switch (state()) {
      case ABORTED -> "notice  was to end on ";
      case RETIRED, AMENDED -> "notice  ended on ";
      default -> "notice  ends on ";
    };
  }

  /** The page remains readable when the tracks cannot be read. */
  private void addTracks(List<String> lines) {
    try {
      List<Track.Move> tracks = tracks();
      List<String> waiting =
          state().isEnded()
              ? List.of()
              : tracks.stream()
                  .filter(track -> !track.released())
                  .map(track -> TrackedConsumer.described(track.consumer()))
                  .toList();
      lines.add(
          "waits   "
              + (waiting.isEmpty() ? "for no consumer" : "for " + String.join(", ", waiting)));
      tracks.forEach(track -> lines.add("track   " + track));
    } catch (MeshException e) {
      lines.add("tracks  cannot be read: " + e.errorCode());
    }
  }
}
