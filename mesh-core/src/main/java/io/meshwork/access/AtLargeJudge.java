package io.meshwork.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides on what is neither database nor table: catalogs, places in S3, and values of tags. */
final class AtLargeJudge {
  private AtLargeJudge() {}

  static Outcome judge(Standing standing, Resource on, Permission action) {
    Outcome outcome = new Outcome();
    if (!standing.foreign() && standing.isAdminOf(on.account())) {
      outcome.allow("admin");
    }
    Standing.Pick pick = pick(on, action);
    standing.direct(pick).forEach(outcome::allow);
    if (standing.foreign()) {
      Delegation.combine(outcome, standing.accountLevel(pick), standing.local(pick));
    }
    return outcome;
  }

  /** Grants on a resource, or on what holds it, that have the action among their permissions. */
  static Standing.Pick pick(Resource on, Permission action) {
    return held -> {
      List<HeldGrant> some = new ArrayList<>();
      for (HeldGrant grant : held.atLarge()) {
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

  /** True if a grant on the one is also a grant on the other. */
  static boolean covers(Resource granted, Resource on) {
    if (granted instanceof Resource.Catalog && on instanceof Resource.Catalog) {
      return true;
    } else if (granted instanceof Resource.Location place
        && on instanceof Resource.Location other) {
      return S3Path.holds(place.s3(), other.s3());
    } else if (granted instanceof Resource.TagValues tag
        && on instanceof Resource.TagValues other) {
      return Fold.of(tag.key()).equals(Fold.of(other.key()))
          && (tag.values().contains("*") || folded(tag).containsAll(folded(other)));
    }
    return false;
  }

  private static Set<String> folded(Resource.TagValues tag) {
    Set<String> values = new HashSet<>();
    tag.values().forEach(value -> values.add(Fold.of(value)));
    return values;
  }
}
