package io.meshwork.internal.grants;

import io.meshwork.access.AccessOperation;
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
 * Several changes of access as one: each is proposed on top of those before it, and all of them are
 * committed or none.
 */
final class CombinedPlan {
  private final List<AccessOperation<?>> operations;
  private final List<RightsChange<?>> changes;
  private final MeshAction action;

  private CombinedPlan(List<AccessOperation<?>> operations, List<RightsChange<?>> changes) {
    this.operations = operations;
    this.changes = changes;
    this.action =
        MeshAction.of(
            Verb.CHANGE,
            "rights together ("
                + String.join("; ", changes.stream().map(c -> c.action().toString()).toList())
                + ")");
  }

  static AccessPlan<AccessPlan.Results> of(ClientSession session, AccessOperation<?>... changes) {
    List<RightsChange<?>> all = new ArrayList<>();
    List<AccessOperation<?>> operations = ArgumentChecks.all("changes", changes);
    for (AccessOperation<?> operation : operations) {
      RightsChange<?> change = change(operation);
      change.settle();
      if (all.contains(change)) {
        throw refused(change, "was named twice", "Name it once.");
      } else if (change.session().ledger() != session.ledger()) {
        throw refused(change, "is of another mesh", "Change each mesh by itself.");
      } else if (!change.session().principal().equals(session.principal())) {
        throw refused(
            change,
            "is a change by "
                + change.session().principal()
                + ", and the others would be done by "
                + session.principal(),
            "Describe all of them as one principal: what is done at once is done by one.");
      }
      all.add(change);
    }
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("changes", "is empty", "Name a change, such as grant(..).");
    }
    CombinedPlan what = new CombinedPlan(operations, all);
    return new RightsChange<>(session, what.action, what::propose, all).plan();
  }

  private static InvalidRequestException refused(RightsChange<?> change, String why, String fix) {
    return ArgumentChecks.refused("changes", "holds '" + change.action() + "', which " + why, fix);
  }

  private static RightsChange<?> change(AccessOperation<?> operation) {
    if (operation instanceof RightsOperation<?> ours) {
      return ours.change();
    }
    throw ArgumentChecks.refused(
        "changes",
        "holds a " + operation.getClass().getName() + ", which no client of a mesh made",
        "Name changes that access(), grant(..), requests() or governance() made.");
  }

  private ChangeSet<AccessPlan.Results> propose(RightsDocuments documents, Instant now) {
    CombinedChange together = new CombinedChange(action);
    for (RightsChange<?> change : changes) {
      together.add(change.how().propose(documents.with(together.written()), now));
    }
    return together.proposal(operations);
  }
}
