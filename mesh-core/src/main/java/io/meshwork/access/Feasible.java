package io.meshwork.access;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether a grant that is only thought of could be made, and by whom. */
final class Feasible {
  private Feasible() {}

  /** What forbids anybody of the grantor's account to make a grant; null if nothing does. */
  static @Nullable String sharingFault(Estate estate, Grant grant, Instant at) {
    Grantee anybody = Grantee.of("arn:aws:iam::" + grant.grantor() + ":root");
    return GrantSharing.fault(estate, anybody, grant, at);
  }

  /** True if nothing forbids the grant, whoever makes it. */
  static boolean stands(Estate estate, Grant grant, Instant at) {
    return GrantStructure.fault(estate, grant) == null
        && sharingFault(estate, grant, at) == null
        && new GrantRules(estate, grant.to(), grant, at).besidesOthers().accepted();
  }

  /** Principals of the grantor's account, by ARN, who have the authority to make a grant. */
  static Set<String> who(Estate estate, Grant grant, Instant at) {
    Set<String> who = new TreeSet<>();
    for (String arn : estate.grants().likelyGrantors(estate, grant)) {
      if (Grantee.accountOf(arn).equals(grant.grantor())
          && new GrantAuthority(estate, Grantee.of(arn), grant, at).fault() == null) {
        who.add(arn);
      }
    }
    return who;
  }

  /** True if somebody has that authority, or it is not known who administers the account. */
  static boolean somebodyMay(Estate estate, Grant grant, Instant at) {
    return estate.account(grant.grantor()).admins().isEmpty() || !who(estate, grant, at).isEmpty();
  }
}
