package io.meshwork.internal.grants;

import io.meshwork.error.Finding;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.StoredGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Warns of grants that are allowed and give nobody anything. */
final class UselessGrants {
  private final Grantor sharer;
  private final Map<String, Boolean> known = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private UselessGrants(Grantor sharer) {
    this.sharer = sharer;
  }

  /** A finding for each grantee and reason. */
  static List<Finding> among(Collection<StoredGrant> grants, Grantor sharer) {
    UselessGrants useless = new UselessGrants(sharer);
    grants.forEach(useless::inspect);
    return useless.findings.stream().distinct().toList();
  }

  private void inspect(StoredGrant grant) {
    Grantee to = grant.to();
    String account = to.account().orElse("");
    boolean toAll = to.kind() == Grantee.Kind.ACCOUNT || to.kind() == Grantee.Kind.ORGANIZATION;
    if (toAll && !grant.grantOption()) {
      warn(
          "NOT_HANDED_ON",
          to,
          "gives its roles nothing: they have what is handed on, and without grant option nobody"
              + " can hand it on",
          "Say withGrantOption(), or grant to roles with to(..).");
    }
    if (sharer.owner().domain().accounts().contains(account)) {
      warn(
          "OWNER_READS_ALREADY",
          to,
          "gives nothing: account '"
              + account
              + "' acts for domain '"
              + sharer.owner().domain().name()
              + "', and each of its roles reads all of it",
          "Leave it out.");
    } else if (!account.isEmpty() && !actsForADomain(account)) {
      warn(
          "ACCOUNT_UNKNOWN",
          to,
          "is to account '" + account + "', which acts for no domain of this mesh",
          "Look whether the account is spelled right; whoever acts for it registers a domain with"
              + " registerDomain(..).");
    }
  }

  private boolean actsForADomain(String account) {
    return known.computeIfAbsent(
        account, each -> sharer.session().catalog().findAccount(each).isPresent());
  }

  private void warn(String code, Grantee to, String what, String fix) {
    findings.add(
        new Finding(
            code, Finding.Severity.WARNING, AccessFormatter.grantee(to), what, 0, List.of(), fix));
  }
}
