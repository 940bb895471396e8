package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Several changes of access as one. Each is proposed on top of the previous one; all are committed
 * or none.
 */
final class CombinedOperation {
  private final List<AccessOperation<?>> operations;
  private final List<RightsChange<?>> changes;
  private final MeshAction action;

  private CombinedOperation(List<AccessOperation<?>> operations, List<RightsChange<?>> changes) {
    this.operations = operations;
    this.changes = changes;
    this.action =
        MeshAction.of(
            Verb.CHANGE,
            "rights together ("
                + String.join("; ", changes.stream().map(c -> c.action().toString()).toList())
                + ")");
  }

  static AccessPlan<AccessPlan.Results> plan(
      ClientSession session, AccessOperation<?>... operations) {
    List<RightsChange<?>> changes = new ArrayList<>();
    List<AccessOperation<?>> all = ArgumentChecks.all("changes", operations);
    for (AccessOperation<?> operation : all) {
      RightsChange<?> change = change(operation);
      change.settle();
      if (changes.contains(change)) {
        throw rejected(change, "is named twice", "Name it once.");
      } else if (!change.session().runtime().equals(session.runtime())) {
        throw rejected(change, "belongs to another mesh", "Change each mesh separately.");
      } else if (!change.session().principal().equals(session.principal())) {
        throw rejected(
            change,
            "is a change by "
                + change.session().principal()
                + ", and the other changes are by "
                + session.principal(),
            "Create all changes as one principal.");
      }
      changes.add(change);
    }
    if (changes.isEmpty()) {
      throw ArgumentChecks.refused("changes", "is empty", "Name a change, such as grant(..).");
    }
    CombinedOperation combined = new CombinedOperation(all, changes);
    return new RightsChange<>(session, combined.action, combined::propose, changes).plan();
  }

  private static InvalidRequestException rejected(
      RightsChange<?> change, String reason, String fix) {
    return ArgumentChecks.refused(
        "changes", "contains '" + change.action() + "', which " + reason, fix);
  }

  private static RightsChange<?> change(AccessOperation<?> operation) {
    if (operation instanceof RightsOperation<?> rightsOperation) {
      return rightsOperation.change();
    }
    throw ArgumentChecks.refused(
        "changes",
        "contains a " + operation.getClass().getName() + ", which no client of a mesh created",
        "Name changes that access(), grant(..), revoke(..), requests() or governance() created.");
  }

  private ChangeSet<AccessPlan.Results> propose(RightsDocuments documents, Instant now) {
    ChangeSetMerger merger = new ChangeSetMerger(action);
    for (RightsChange<?> change : changes) {
      merger.add(change.action(), change.planner().propose(documents.with(merger.written()), now));
    }
    return merger.merged(operations);
  }
}
