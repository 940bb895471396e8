package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.S3Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Evaluates resources that are neither databases nor tables: catalogs, S3 locations, and tag
 * values.
 */
final class CatalogEvaluator {
  private CatalogEvaluator() {}

  static EvaluationResult evaluate(EvaluationContext context, Resource on, Permission action) {
    EvaluationResult result = new EvaluationResult();
    if (!context.foreign() && context.isAdminOf(on.account())) {
      result.allow("admin");
    }
    EvaluationContext.GrantSelector selector = selector(on, action);
    context.direct(selector).forEach(result::allow);
    if (context.foreign()) {
      AccountDelegation.combine(result, context.accountLevel(selector), context.local(selector));
    }
    return result;
  }

  /** Grants on a resource, or on one that contains it, whose permissions include the action. */
  static EvaluationContext.GrantSelector selector(Resource on, Permission action) {
    return held -> {
      List<IndexedGrant> some = new ArrayList<>();
      for (IndexedGrant grant : held.otherGrants()) {
        if (covers(grant.grant().on(), on) && has(grant.grant().permissions(), action)) {
          some.add(grant);
        }
      }
      return some;
    };
  }

  private static boolean has(Set<Permission> permissions, Permission action) {
    return permissions.contains(action)
        || (action == Permission.DESCRIBE && permissions.contains(Permission.ASSOCIATE));
  }

  /** Returns true if a grant on the first resource applies to the second. */
  static boolean covers(Resource granted, Resource on) {
    if (granted instanceof Resource.CatalogResource && on instanceof Resource.CatalogResource) {
      return true;
    } else if (granted instanceof Resource.Location location
        && on instanceof Resource.Location inner) {
      return S3Path.contains(location.s3(), inner.s3());
    } else if (granted instanceof Resource.TagValues tag
        && on instanceof Resource.TagValues tagValues) {
      return CaseInsensitiveNames.of(tag.key()).equals(CaseInsensitiveNames.of(tagValues.key()))
          && (tag.values().contains("*") || lowerCased(tag).containsAll(lowerCased(tagValues)));
    }
    return false;
  }

  private static Set<String> lowerCased(Resource.TagValues tag) {
    Set<String> values = new HashSet<>();
    tag.values().forEach(value -> values.add(CaseInsensitiveNames.of(value)));
    return values;
  }
}
