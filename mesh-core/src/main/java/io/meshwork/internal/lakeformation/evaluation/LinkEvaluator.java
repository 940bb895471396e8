package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.LinkNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates a link itself, without its target. A link belongs to its account: grants on it, or on
 * all tables of its database, give principals of other accounts nothing.
 */
final class LinkEvaluator {
  private LinkEvaluator() {}

  /** Evaluates DESCRIBE or DROP on a link; other actions apply to the target. */
  static EvaluationResult evaluate(
      AccessIndex index, Grantee principal, LinkNode link, Permission action, Instant at) {
    EvaluationContext context = new EvaluationContext(index, principal, link.link().account(), at);
    EvaluationResult result = new EvaluationResult();
    if (link.link().creator().equals(principal.id())) {
      result.allow("link-creator");
    }
    if (action == Permission.DESCRIBE && context.ownAdmin()) {
      result.allow("admin");
    }
    if (context.foreign()) {
      return result;
    }
    EvaluationContext.GrantSelector selector = selector(link);
    List<IndexedGrant> some = new ArrayList<>(context.direct(selector));
    some.addAll(context.controlledByIam(selector));
    for (IndexedGrant grant : some) {
      if (covers(grant, action)) {
        result.allow(grant);
      }
    }
    return result;
  }

  /** Grants on a link, and on all tables of the database of a table link. */
  static EvaluationContext.GrantSelector selector(LinkNode link) {
    return held -> {
      List<IndexedGrant> some = new ArrayList<>(held.on(link));
      link.in().ifPresent(in -> some.addAll(held.onAllTables(in)));
      return some;
    };
  }

  private static boolean covers(IndexedGrant grant, Permission action) {
    return action == Permission.DESCRIBE
        || grant.grant().permissions().contains(action)
        || grant.grant().permissions().contains(Permission.ALL);
  }
}
