package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.PurgedTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.exceptions.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a major version that was taken out of use: first its table documents, then the files that
 * their last metadata reaches. If the process ends in between, the same purge or maintenance
 * deletes the rest.
 */
record RolloutPurge(ClientSession session, ProductName product, int number, String because)
    implements StateChange {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutPurge.class);
  private static final int MAX_READS = 3;

  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.PURGE, "the major version that rollout " + number + " of " + product + " replaced");
  }

  @Override
  public TransitionContext read() {
    TransitionContext context =
        TransitionContext.of(
            session, product, number, Set.of(State.RETIRED, State.ABORTED), action());
    if (context.next().isEmpty()) {
      TransitionContext.requireState(session, context.rollout(), Set.of(State.RETIRED), action());
    }
    return context;
  }

  /** The major version that was taken out of use. */
  static VersionEntry purged(TransitionContext context) {
    return context.rollout().state() == State.RETIRED ? context.from() : context.to();
  }

  private List<TableName> tables(int major) {
    TableName table = TableName.of(product, major);
    return List.of(table, table.quarantined());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    if (purged(context).state() == MajorState.PURGED) {
      return List.of(); // only files that an interrupted purge left
    }
    List<Finding> findings =
        new ArrayList<>(
            RolloutGuard.purge(
                context.rollout().state(),
                context.rollout().dates().retiredAt().orElse(Instant.MIN),
                Optional.empty(),
                holds(purged(context).major()),
                session.runtime().clock().instant()));
    session.catalog().majors(product).stream()
        .flatMap(major -> registryBehind(TableName.of(product, major)).stream())
        .forEach(findings::add);
    return List.copyOf(findings);
  }

  /** A newer registry may have the version in use again; any table of the product may say so. */
  private Optional<Finding> registryBehind(TableName table) {
    return LastUpdatedFile.lostCommits(session, table)
        .reason()
        .map(
            reason ->
                Finding.error(
                    FindingCode.REGISTRY_BEHIND,
                    table.toString(),
                    reason,
                    "Restore a newer backup of the registry, or publish the missing rows again."));
  }

  /** The long reads that retain a snapshot of the major version. */
  private List<String> holds(int major) {
    Instant now = session.runtime().clock().instant();
    List<String> holds = new ArrayList<>();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      for (VersionedDocument stored :
          session.ledger().list(consumer.partition(), RegistryKeys.holds(product))) {
        HoldEntry hold = HoldEntry.of(stored);
        if (hold.major() == major && hold.until().isAfter(now)) {
          holds.add("of " + consumer.domain() + " until " + hold.until());
        }
      }
    }
    return List.copyOf(holds);
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    return List.of(
        new Step(
            "delete",
            product + " " + purged(context).version(),
            "all its rows and files",
            "cannot be undone"));
  }

  /** Deletes the files. The purge is committed, so maintenance deletes what remains. */
  @Override
  public RolloutEntry complete(RolloutEntry committed) {
    int major = committed.state() == State.RETIRED ? committed.from() : committed.to();
    Deadline deadline = session.deadline();
    ForeignReferences foreign = ForeignReferences.ofMaintained(session);
    for (TableName table : tables(major)) {
      PurgedTable.delete(files(table, foreign), files -> delete(files, deadline));
    }
    return committed;
  }

  /** Reads again after a failure of the store; otherwise maintenance does it. */
  private List<List<String>> files(TableName table, ForeignReferences foreign) {
    for (int reads = 1; ; reads++) {
      try {
        return session
            .ledger()
            .read(PurgedTable.key(table))
            .map(PurgedTable::of)
            .map(purged -> purged.files(session.tables(), session.ledger(), foreign::contains))
            .orElse(List.of());
      } catch (RuntimeException e) {
        if (reads == MAX_READS) {
          LOG.warn("The files of a deleted version cannot be read; maintenance deletes them");
          LOG.debug("{} was not read", table, e);
          return List.of();
        }
      }
    }
  }

  private boolean delete(List<String> files, Deadline deadline) {
    boolean deleted = true;
    for (String file : files) {
      deadline.check(action());
      deleted &= delete(file);
    }
    return deleted;
  }

  private boolean delete(String location) {
    try {
      session.files().deleteFile(location);
      return true;
    } catch (NotFoundException e) {
      LOG.debug("{} was deleted already", location);
      return true;
    } catch (RuntimeException e) {
      LOG.warn("A file of a deleted major version remains; maintenance deletes it");
      LOG.debug("{} was not deleted", location, e);
      return false;
    }
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    VersionEntry major = purged(context);
    if (major.state() == MajorState.PURGED) {
      return CommitDraft.unchanged(context.rollout());
    }
    RolloutEntry next =
        context.rollout().retirement(context.rollout().retirement().purged(attempt.now()));
    CommitDraft<RolloutEntry> draft =
        context
            .draft(session, Event.PURGED, next, because)
            .replace(major.majorStored(), MajorDocuments.purged(major));
    for (TableName table : tables(major.major())) {
      session.tables().requireOwnPlaces(table);
      session.ledger().read(table.key()).ifPresent(draft::delete);
      session
          .tables()
          .position(table)
          .ifPresent(
              position -> draft.insert(PurgedTable.key(table), PurgedTable.document(position)));
    }
    return draft;
  }
}
