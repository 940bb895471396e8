package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.Grantee;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A principal with all grantees that it acts as and their grants, for all owners. Immutable. */
public final class PrincipalIdentity {
  private final String principal;
  private final String home;
  private final Account account;
  private final PrincipalFacts facts;
  private final List<String> ids;
  private final List<ActingGrantee> actingGrantees = new ArrayList<>(3);
  private final List<Map<String, GranteeGrants>> accountLevel = new ArrayList<>(3);

  /**
   * A grantee that the principal acts as.
   *
   * @param held its grants by owning account
   * @param allPrincipals true for all principals of the account
   * @param fromHome true if the principal's account may grant to it
   */
  public record ActingGrantee(
      Map<String, GranteeGrants> held, boolean allPrincipals, boolean fromHome) {
    public @Nullable GranteeGrants on(String owner) {
      return held.get(owner);
    }
  }

  PrincipalIdentity(AccessIndex index, Grantee grantee) {
    this.principal = grantee.id();
    this.home = Grantee.accountOf(principal);
    this.account = index.account(home);
    this.facts = index.principal(principal);
    this.ids = ids(principal, home, facts);
    GrantIndex grants = index.grants();
    String allPrincipals = allPrincipals(home);
    for (String id : ids) {
      Map<String, GranteeGrants> held = grants.grantsOf(id);
      if (!held.isEmpty()) {
        boolean all = id.equals(allPrincipals);
        actingGrantees.add(new ActingGrantee(held, all, all || Grantee.accountOf(id).equals(home)));
      }
    }
    addAccountLevel(grants.grantsOf(home));
    if (account.organization().isPresent()) {
      String organization = account.organization().get();
      addAccountLevel(grants.grantsOf(GrantIndex.organization(organization)));
      for (String unit : account.units()) {
        addAccountLevel(grants.grantsOf(GrantIndex.unit(organization, unit)));
      }
    }
  }

  private void addAccountLevel(Map<String, GranteeGrants> held) {
    if (!held.isEmpty()) {
      accountLevel.add(held);
    }
  }

  private static String allPrincipals(String home) {
    return home + ":IAMPrincipals";
  }

  /** The grantees that a principal acts as: itself, its groups, all principals of its account. */
  private static List<String> ids(String principal, String home, PrincipalFacts facts) {
    List<String> ids = new ArrayList<>(facts.groups().size() + 2);
    ids.add(principal);
    ids.addAll(facts.groups());
    if (!home.isEmpty()) {
      ids.add(allPrincipals(home));
    }
    return ids;
  }

  public String principal() {
    return principal;
  }

  /** The principal's account. */
  public String home() {
    return home;
  }

  public PrincipalFacts facts() {
    return facts;
  }

  public List<String> ids() {
    return ids;
  }

  public List<ActingGrantee> actingGrantees() {
    return actingGrantees;
  }

  /** The grants of its account, its organizational units and its organization, each by owner. */
  public List<Map<String, GranteeGrants>> accountLevel() {
    return accountLevel;
  }

  public boolean isAdmin() {
    return account.admins().contains(principal);
  }

  /** Returns true if it sees all of its account's catalog as an administrator. */
  public boolean seesAll() {
    return isAdmin() || account.readOnlyAdmins().contains(principal);
  }
}
