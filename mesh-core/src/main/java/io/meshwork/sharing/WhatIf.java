package io.meshwork.sharing;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Several changes of rights as one: each is proposed upon what those before it would leave, and all
 * of them are done or none.
 */
public final class WhatIf {
  private final List<RightsChange<?>> changes;
  private final String doing;

  private WhatIf(List<RightsChange<?>> changes) {
    this.changes = changes;
    this.doing =
        "change rights together ("
            + String.join("; ", changes.stream().map(c -> c.doing()).toList())
            + ")";
  }

  /** Called by {@code MeshClient.whatIf}. */
  public static AccessPlan<List<Object>> of(Session session, AccessOperation<?>... changes) {
    List<RightsChange<?>> all = new ArrayList<>();
    for (AccessOperation<?> each : Arguments.all("changes", changes)) {
      RightsChange<?> change = each.change();
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
      throw Arguments.refused("changes", "is empty", "Name a change, such as grant(..).");
    }
    WhatIf what = new WhatIf(all);
    return new RightsChange<>(session, what.doing, what::propose, all).plan();
  }

  private static InvalidRequestException refused(RightsChange<?> change, String why, String mend) {
    return Arguments.refused("changes", "holds '" + change.doing() + "', which " + why, mend);
  }

  private Proposal<List<Object>> propose(RightsDocuments documents, Instant now) {
    Together together = new Together(doing);
    for (RightsChange<?> change : changes) {
      together.add(change.how().propose(documents.with(together.written()), now));
    }
    return together.proposal();
  }
}
