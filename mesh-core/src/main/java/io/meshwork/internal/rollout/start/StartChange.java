package io.meshwork.internal.rollout.start;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.retirement.MajorDocuments;
import io.meshwork.internal.rollout.start.StartPlan.StartedRollout;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.suggestions.NamedSuggestions;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The registry transaction that starts a rollout: the new major version with its tables, if there
 * is one, the rollout, and its number in the major version that it replaces, so that of two
 * rollouts from one major version only one is committed.
 *
 * @param evaluation reads the current state and evaluates the rollout
 * @param suggestions reads the suggestions that it delivers
 * @param fingerprint the fingerprint of the plan; null if there is none
 */
record StartChange(
    ClientSession session,
    ProductName product,
    Supplier<? extends StartPlan<?>> evaluation,
    Supplier<NamedSuggestions> suggestions,
    @Nullable String fingerprint,
    MeshAction action)
    implements Ledger.Change<RolloutEntry> {
  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<RolloutEntry> draft(Ledger.Attempt attempt) {
    // Read before the major versions: a commit adds both, so tables without a major version do not
    // belong to a concurrent rollout.
    Set<Key> pointers =
        session.ledger().list(partition(), RegistryKeys.TABLES).stream()
            .map(VersionedDocument::key)
            .collect(Collectors.toSet());
    StartPlan<?> plan = evaluation.get();
    requireAllowed(plan);
    StartedRollout start = plan.start();
    List<TableName> tables =
        start.next().stream()
            .flatMap(next -> next.tables().stream())
            .filter(table -> pointers.contains(table.key()))
            .toList();
    if (!tables.isEmpty()) {
      throw Failure.of(action)
          .because(
              "major version " + start.rollout().to() + " does not exist, but its tables " + tables)
          .fix("Restore the registry from a backup.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
    CommitDraft<RolloutEntry> draft =
        LoggedRollout.draft(
            LoggedRollout.event(start.rollout()), start.rollout(), session.principal());
    draft
        .check(start.domain().stored())
        .check(start.entry().stored())
        .check(start.current().contractStored())
        .replace(
            start.current().majorStored(),
            MajorDocuments.rolledOut(start.current(), start.rollout()))
        .insert(
            RegistryKeys.rollout(product, start.rollout().number()),
            start.rollout().toDocument(Optional.empty()));
    start
        .next()
        .ifPresent(
            next ->
                next.addTo(
                    draft,
                    session.tables(),
                    session.tables().places().of(start.entry().root(), start.domain()),
                    MajorState.PREPARED,
                    attempt));
    suggestions.get().acceptIn(draft, start.rollout(), attempt);
    return draft.result(start.rollout());
  }

  /**
   * Checks the fingerprint of the plan, and that the evaluation has no errors.
   *
   * @throws io.meshwork.error.ConflictException if the plan would be different now
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE with the errors
   */
  void requireAllowed(StartPlan<?> plan) {
    plan.requireSame(fingerprint, action);
    if (!plan.isAllowed()) {
      throw Failure.of(action).because(plan.errors()).invalidRequest(ErrorCode.CHANGE_INCOMPATIBLE);
    }
  }
}
