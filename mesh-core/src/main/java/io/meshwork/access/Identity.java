package io.meshwork.access;

import io.meshwork.access.AccessFacts.Account;
import io.meshwork.access.AccessFacts.PrincipalFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A principal with all that speaks for it, wherever the resource is. Immutable. */
final class Identity {
  private final String principal;
  private final String home;
  private final Account account;
  private final PrincipalFacts facts;
  private final List<String> ids;
  private final List<Voice> voices = new ArrayList<>(3);
  private final List<Map<String, Held>> accountLevel = new ArrayList<>(3);

  /**
   * A grantee that the principal acts as.
   *
   * @param held what it has, by the account that owns it
   * @param everybody true for all principals of the account
   * @param fromHome true if the principal's account may hand on to it
   */
  record Voice(Map<String, Held> held, boolean everybody, boolean fromHome) {
    @Nullable Held on(String owner) {
      return held.get(owner);
    }
  }

  Identity(Estate estate, Grantee grantee) {
    this.principal = grantee.id();
    this.home = Grantee.accountOf(principal);
    this.account = estate.account(home);
    this.facts = estate.principal(principal);
    this.ids = ids(principal, home, facts);
    GrantIndex grants = estate.grants();
    String everybody = everybody(home);
    for (String id : ids) {
      Map<String, Held> held = grants.held(id);
      if (!held.isEmpty()) {
        boolean all = id.equals(everybody);
        voices.add(new Voice(held, all, all || Grantee.accountOf(id).equals(home)));
      }
    }
    addAccountLevel(grants.held(home));
    if (account.organization().isPresent()) {
      String organization = account.organization().get();
      addAccountLevel(grants.held(GrantIndex.organization(organization)));
      for (String unit : account.units()) {
        addAccountLevel(grants.held(GrantIndex.unit(organization, unit)));
      }
    }
  }

  private void addAccountLevel(Map<String, Held> held) {
    if (!held.isEmpty()) {
      accountLevel.add(held);
    }
  }

  private static String everybody(String home) {
    return home + ":IAMPrincipals";
  }

  /** The grantees that a principal acts as: itself, its groups, everybody in its account. */
  private static List<String> ids(String principal, String home, PrincipalFacts facts) {
    List<String> ids = new ArrayList<>(facts.groups().size() + 2);
    ids.add(principal);
    ids.addAll(facts.groups());
    if (!home.isEmpty()) {
      ids.add(everybody(home));
    }
    return ids;
  }

  String principal() {
    return principal;
  }

  /** The principal's account. */
  String home() {
    return home;
  }

  Account account() {
    return account;
  }

  PrincipalFacts facts() {
    return facts;
  }

  List<String> ids() {
    return ids;
  }

  List<Voice> voices() {
    return voices;
  }

  /** What its account is given by number, unit or organization, each by owner. */
  List<Map<String, Held>> accountLevel() {
    return accountLevel;
  }

  boolean isAdmin() {
    return account.admins().contains(principal);
  }

  /** True if it sees all of its account's catalog by its office. */
  boolean seesAll() {
    return isAdmin() || account.readOnlyAdmins().contains(principal);
  }
}
