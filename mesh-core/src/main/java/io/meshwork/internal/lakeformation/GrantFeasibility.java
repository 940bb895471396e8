package io.meshwork.internal.lakeformation;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks whether a proposed grant could be made, and by whom. */
final class GrantFeasibility {
  private GrantFeasibility() {}

  /**
   * The code of the rule by which nobody in the grantor's account can make a grant; null if there
   * is none.
   */
  static @Nullable String sharingFault(AccessIndex index, Grant grant, Instant at) {
    Grantee anybody = Grantee.of("arn:aws:iam::" + grant.grantor() + ":root");
    return GrantSharing.fault(index, anybody, grant, at);
  }

  /** Returns true if no rule rejects the grant, whoever makes it. */
  static boolean isPossible(AccessIndex index, Grant grant, Instant at) {
    return GrantStructure.fault(index, grant) == null
        && sharingFault(index, grant, at) == null
        && new GrantRules(index, grant.to(), grant, at).evaluateConflicts().isEmpty();
  }

  /** Principals of the grantor's account, by ARN, that may make a grant. */
  static Set<String> who(AccessIndex index, Grant grant, Instant at) {
    Set<String> who = new TreeSet<>();
    for (String arn : index.grants().likelyGrantors(index, grant)) {
      if (Grantee.accountOf(arn).equals(grant.grantor())
          && new GrantAuthority(index, Grantee.of(arn), grant, at).fault() == null) {
        who.add(arn);
      }
    }
    return who;
  }

  /**
   * Returns true if a principal may make the grant, or the administrators of the account are
   * unknown.
   */
  static boolean canBeMade(AccessIndex index, Grant grant, Instant at) {
    return index.account(grant.grantor()).admins().isEmpty() || !who(index, grant, at).isEmpty();
  }
}
