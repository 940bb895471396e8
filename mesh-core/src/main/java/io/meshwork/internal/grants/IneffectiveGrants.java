package io.meshwork.internal.grants;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.StoredGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Warns about grants that are allowed but have no effect. */
final class IneffectiveGrants {
  private final Grantor grantor;
  private final Map<String, Boolean> accountsOfDomains = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private IneffectiveGrants(Grantor grantor) {
    this.grantor = grantor;
  }

  /** Returns a finding for each grantee and reason. */
  static List<Finding> among(Collection<StoredGrant> grants, Grantor grantor) {
    IneffectiveGrants checks = new IneffectiveGrants(grantor);
    grants.forEach(checks::inspect);
    return checks.findings.stream().distinct().toList();
  }

  private void inspect(StoredGrant grant) {
    Grantee to = grant.to();
    String account = to.account().orElse("");
    boolean toAccounts =
        to.kind() == Grantee.Kind.ACCOUNT || to.kind() == Grantee.Kind.ORGANIZATION;
    if (toAccounts && !grant.grantOption()) {
      warn(
          FindingCode.NO_GRANT_OPTION,
          to,
          "gives its roles nothing: they get access once the account passes the grant on, and"
              + " without the grant option it cannot",
          "Call withGrantOption(), or grant to roles with to(..).");
    }
    if (grantor.owner().domain().accounts().contains(account)) {
      warn(
          FindingCode.OWNER_READS_ALREADY,
          to,
          "has no effect: account '"
              + account
              + "' acts for domain '"
              + grantor.owner().domain().name()
              + "', so each of its roles can read all of it already",
          "Remove this grantee.");
    } else if (!account.isEmpty() && !actsForDomain(account)) {
      warn(
          FindingCode.ACCOUNT_UNKNOWN,
          to,
          "is to account '" + account + "', which acts for no domain of this mesh",
          "Check the spelling of the account; an account gets a domain with registerDomain(..).");
    }
  }

  private boolean actsForDomain(String account) {
    return accountsOfDomains.computeIfAbsent(
        account, each -> grantor.session().catalog().findAccount(each).isPresent());
  }

  private void warn(FindingCode code, Grantee to, String what, String fix) {
    findings.add(
        new Finding(
            code, Finding.Severity.WARNING, AccessFormatter.grantee(to), what, 0, List.of(), fix));
  }
}
