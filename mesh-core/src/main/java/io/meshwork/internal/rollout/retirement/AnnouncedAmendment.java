package io.meshwork.internal.rollout.retirement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SharedProtection;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.RetireGuard;
import io.meshwork.internal.scan.NewestEvent;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * Applies an announced amendment: the contract that is current then becomes the next minor version
 * with the announced terms, so that other amendments since the announcement remain.
 */
record AnnouncedAmendment(ClientSession session, ProductName product, int number)
    implements FencedChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.RETIRE, "the promises that rollout " + number + " of " + product + " amends");
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(session, product, number, Set.of(State.ANNOUNCED), action());
  }

  @Override
  public TransitionContext readAfter() {
    return TransitionContext.of(session, product, number, Set.of(State.AMENDED), action());
  }

  @Override
  public VersionEntry taken(TransitionContext context) {
    return context.from();
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    Instant now = session.runtime().clock().instant();
    Optional<RetireGuard> guard = ConsumerTracks.guard(session, context.rollout(), now);
    if (guard.isEmpty()) {
      return List.of(RolloutRetirement.notAnnounced(context));
    }
    List<Finding> findings = new ArrayList<>(guard.get().amend(now));
    if (!findings.isEmpty()) {
      findings.add(guard.get().earliest(product));
    }
    findings.addAll(protection(context).findings(terms(context)));
    if (amended(context).equals(context.from().contract())) {
      findings.add(
          Finding.error(
              FindingCode.NOTHING_CHANGES,
              product.toString(),
              "Version " + context.from().version() + " has the announced terms already.",
              "End the rollout with abort()."));
    }
    return findings;
  }

  private static Contract amended(TransitionContext context) {
    return context.rollout().applyTo(context.from().contract());
  }

  private SharedProtection protection(TransitionContext context) {
    return context.protection(session, context.from(), action());
  }

  private SharedProtection.NextContract terms(TransitionContext context) {
    return new SharedProtection.NextContract(
        amended(context), TableColumns.of(table(context)).schema());
  }

  private Table table(TransitionContext context) {
    return session.tables().load(TableName.of(product, context.from().major()));
  }

  private static ContractVersion version(TransitionContext context) {
    return context.from().version().next(Verdict.AMENDMENT);
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    return List.of(
        new Step(
            "apply",
            product + " " + version(context),
            "replaces "
                + context.from().version()
                + ", with "
                + context.rollout().amendment()
                + "; the table does not change",
            "amend it again"));
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    ContractVersion version = version(context);
    RolloutEntry next = context.rollout().amended(version, attempt.now());
    CommitDraft<RolloutEntry> draft =
        CommitDraft.<RolloutEntry>of(
                MeshEvent.Type.PRODUCT_AMENDED.text(), session.principal(), product.toString())
            .check(context.domain().stored())
            .check(context.product().stored())
            .check(context.from().contractStored())
            .replace(context.stored(), next.toDocument(Optional.of(context.stored())))
            .replace(context.from().majorStored(), MajorDocuments.amended(context.from(), version))
            .insert(RegistryKeys.contract(product, version), contract(context, version));
    protection(context).amend(terms(context), draft);
    addDetails(draft, context, version);
    nameEventTime(draft, context, attempt);
    return draft.result(next);
  }

  /** The rows count by the column of the event time that the terms name. */
  private void nameEventTime(
      CommitDraft<?> draft, TransitionContext context, Ledger.Attempt attempt) {
    ServiceLevel terms = amended(context).serviceLevel();
    if (NewestEvent.isRenamed(context.from().contract().serviceLevel(), terms)) {
      TableName name = TableName.of(product, context.from().major());
      TableDraft table = session.tables().draft(name, attempt);
      if (table.table().currentSnapshot() == null) {
        return;
      }
      table
          .setProperties(
              NewestEvent.properties(
                  terms, table.table(), session.files(), attempt.now(), action()))
          .stage(draft);
    }
  }

  /** The columns of the table do not change, so their IDs remain. */
  private static ObjectNode contract(TransitionContext context, ContractVersion version) {
    ObjectNode json = context.from().contractStored().json().deepCopy();
    VersionEntry.writeContract(json, version, amended(context), context.from().partitioning());
    return json;
  }

  private void addDetails(
      CommitDraft<RolloutEntry> draft, TransitionContext context, ContractVersion version) {
    Contract amended = amended(context);
    ContractDifference difference = context.from().contract().differenceTo(amended);
    draft.details(
        new EventDetails.ContractVersionChange(
            context.from().major(),
            version,
            context.from().version(),
            amended.fingerprint(),
            difference.verdict(),
            difference.reasonCode().name(),
            Optional.of(context.rollout().because()),
            Optional.empty(),
            OptionalInt.of(number)));
  }

  /** No consumer loses a major version, and reads prove nothing. */
  @Override
  public List<Finding> losses(TransitionContext after) {
    return List.of();
  }

  @Override
  public CommitDraft<RolloutEntry> undo(TransitionContext after, Ledger.Attempt attempt) {
    return CommitDraft.unchanged(after.rollout());
  }
}
