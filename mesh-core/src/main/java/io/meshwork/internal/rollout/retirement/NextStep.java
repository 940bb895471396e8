package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes what the owner of a product can do next with a rollout, in one sentence. It names only
 * steps that are possible now. Immutable.
 */
public record NextStep(ClientSession session, RolloutEntry rollout) {
  /** The step that follows the state of a rollout, or that none is left. */
  public static String of(ClientSession session, RolloutEntry rollout) {
    return new NextStep(session, rollout).sentence();
  }

  private String sentence() {
    return switch (rollout.state()) {
      case RETIRED, ABORTED, AMENDED -> afterEnd();
      default -> "Next, " + step() + ".";
    };
  }

  private String step() {
    return switch (rollout.state()) {
      case PLANNED ->
          notification()
              + (rollout.kind() == Kind.NEW_MAJOR_VERSION ? ", or open version " + opening() : "");
      case ANNOUNCED ->
          switch (rollout.kind()) {
            case NEW_MAJOR_VERSION -> "open version " + opening();
            case END -> "close major version " + rollout.from() + " with close()";
            case AMENDMENT -> "commit retire() after the dates of all consumers";
          };
      case PARALLEL ->
          (rollout.terms().isEmpty() ? notification() + ", and " : "")
              + "close major version "
              + rollout.from()
              + " with close()";
      case CLOSING ->
          rollout.terms().isEmpty()
              ? notification()
              : "commit retire(), whose plan names the consumers that it waits for";
      case RETIRED, ABORTED, AMENDED -> throw new IllegalStateException("it has ended");
    };
  }

  private String notification() {
    return "notify the consumers of major version " + rollout.from() + " with announce()";
  }

  /** A back-fill precedes the activation, unless there is no history or it was copied. */
  private String opening() {
    boolean copied = rollout.withoutHistory().isPresent() || rollout.dates().cutOver().isPresent();
    return rollout.to() + (copied ? " with activate()" : " with backFill(..) and activate()");
  }

  private String afterEnd() {
    List<String> steps = new ArrayList<>();
    newestActive().ifPresent(newest -> steps.add(change(newest)));
    restoration().ifPresent(steps::add);
    purge().ifPresent(steps::add);
    return steps.isEmpty()
        ? "The rollout has ended, and no step is left."
        : "Next, " + String.join(", or ", steps) + ".";
  }

  /** The change of the product that is possible now, or the rollout that prevents one. */
  private String change(VersionEntry newest) {
    ProductName product = rollout.product();
    if (newest.rollout().isPresent()) {
      return "continue rollout " + newest.rollout().getAsInt() + " of " + product;
    }
    return rollout.state() == State.AMENDED
        ? "amend the contract with amendContract(\"" + product + "\")"
        : "start another rollout with startRollout(\"" + product + "\")";
  }

  private Optional<VersionEntry> newestActive() {
    return session.catalog().majors(rollout.product()).stream()
        .map(
            major -> session.catalog().requireFor(Use.DESCRIBE, rollout.product(), major, action()))
        .filter(version -> version.state() == MajorState.ACTIVE)
        .max(Comparator.comparing(VersionEntry::major));
  }

  private Optional<String> restoration() {
    return rollout.state() == State.RETIRED
            && context()
                .filter(
                    now ->
                        new RolloutRestoration(session, rollout.product(), rollout.number(), "")
                            .findings(now)
                            .isEmpty())
                .isPresent()
        ? Optional.of(
            "undo the retirement with restore() before "
                + rollout.dates().retiredAt().orElse(Instant.MIN).plus(RolloutGuard.UNDO_WINDOW))
        : Optional.empty();
  }

  private Optional<String> purge() {
    boolean takenOut =
        rollout.state() == State.RETIRED
            || (rollout.state() == State.ABORTED && rollout.newMajor().isPresent());
    return takenOut
        ? context()
            .filter(now -> RolloutPurge.purged(now).state() != MajorState.PURGED)
            .filter(
                now ->
                    new RolloutPurge(session, rollout.product(), rollout.number(), "")
                        .findings(now)
                        .isEmpty())
            .map(
                now ->
                    "delete the data of major version "
                        + RolloutPurge.purged(now).major()
                        + " with purge()")
        : Optional.empty();
  }

  private Optional<TransitionContext> context() {
    return session
        .ledger()
        .read(RegistryKeys.rollout(rollout.product(), rollout.number()))
        .map(stored -> new StoredRollout(rollout, stored))
        .map(stored -> TransitionContext.of(session, stored, action()));
  }

  private MeshAction action() {
    return MeshAction.of(Verb.SHOW, "rollout " + rollout.number() + " of " + rollout.product());
  }
}
