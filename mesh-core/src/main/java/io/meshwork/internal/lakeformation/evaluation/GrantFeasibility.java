package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.GrantStructure;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks whether a proposed grant could be made, and by whom. */
final class GrantFeasibility {
  private GrantFeasibility() {}

  /**
   * The code of the rule by which no principal of the grantor's account can make a grant; null if
   * there is none.
   */
  static @Nullable FindingCode sharingFault(AccessIndex index, Grant grant, Instant at) {
    Grantee anyPrincipal = Grantee.of("arn:aws:iam::" + grant.grantor() + ":root");
    return GrantSharing.fault(index, anyPrincipal, grant, at);
  }

  /** Returns true if no rule rejects the grant for every actor. */
  static boolean isPossible(AccessIndex index, Grant grant, Instant at) {
    return GrantStructure.fault(index, grant) == null
        && sharingFault(index, grant, at) == null
        && new GrantRules(index, grant.to(), grant, at).evaluateConflicts().isEmpty();
  }

  /** Principals of the grantor's account, by ARN, that may make a grant. */
  static Set<String> possibleGrantors(AccessIndex index, Grant grant, Instant at) {
    Set<String> possibleGrantors = new TreeSet<>();
    for (String arn : index.grants().likelyGrantors(index, grant)) {
      if (Grantee.accountOf(arn).equals(grant.grantor())
          && new GrantAuthority(index, Grantee.of(arn), grant, at).fault() == null) {
        possibleGrantors.add(arn);
      }
    }
    return possibleGrantors;
  }

  /**
   * Returns true if a principal may make the grant, or the administrators of the account are
   * unknown.
   */
  static boolean canBeMade(AccessIndex index, Grant grant, Instant at) {
    return index.account(grant.grantor()).admins().isEmpty()
        || !possibleGrantors(index, grant, at).isEmpty();
  }
}
