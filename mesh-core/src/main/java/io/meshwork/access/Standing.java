package io.meshwork.access;

import io.meshwork.access.AccessFacts.Account;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How a principal stands to one owner's resources at an instant: which grants speak for it, and in
 * what role. Cheap to make.
 */
final class Standing {
  private final Estate estate;
  private final String principal;
  private final String home;
  private final String owner;
  private final Instant at;
  private final boolean foreign;
  private final List<String> ids;

  /** What it and its groups hold. */
  private final List<Voice> own = new ArrayList<>(3);

  /** What its account is given, by number, unit or organization; none in the owner's account. */
  private final List<Held> accountLevel;

  /**
   * A grantee that the principal acts as.
   *
   * @param direct whether grants of the owner to it speak for the principal
   * @param local whether grants of the principal's own account do
   */
  private record Voice(Held held, boolean direct, boolean local) {}

  Standing(Estate estate, Grantee principal, String owner, Instant at) {
    this.estate = estate;
    this.principal = principal.id();
    this.home = Grantee.accountOf(principal.id());
    this.owner = owner;
    this.at = at;
    this.foreign = !home.equals(owner);
    this.ids = ids(estate, principal);
    String everybody = home + ":IAMPrincipals";
    for (String id : ids) {
      Held held = estate.grants().held(id, owner);
      if (held != Held.NOTHING) {
        boolean all = id.equals(everybody);
        boolean fromHome = all || Grantee.accountOf(id).equals(home);
        own.add(new Voice(held, !(foreign && all), foreign && fromHome));
      }
    }
    this.accountLevel = foreign ? accountLevel(estate, home, owner) : List.of();
  }


  /** The grantees that a principal acts as: itself, its groups, everybody in its account. */
  static List<String> ids(Estate estate, Grantee principal) {
    List<String> groups = estate.principal(principal.id()).groups();
    List<String> ids = new ArrayList<>(groups.size() + 2);
    ids.add(principal.id());
    ids.addAll(groups);
    String home = Grantee.accountOf(principal.id());
    if (!home.isEmpty()) {
      ids.add(Grantee.principalsOf(home).id());
    }
    return ids;
  }

  private static List<Held> accountLevel(Estate estate, String home, String owner) {
    List<Held> some = new ArrayList<>(2);
    some.add(estate.grants().held(home, owner));
    Account account = estate.account(home);
    if (account.organization().isPresent()) {
      String organization = account.organization().get();
      some.add(estate.grants().held(GrantIndex.organization(organization), owner));
      for (String unit : account.units()) {
        some.add(estate.grants().held(GrantIndex.unit(organization, unit), owner));
      }
    }
    some.removeIf(held -> held == Held.NOTHING);
    return some;
  }

  Estate estate() {
    return estate;
  }

  String principal() {
    return principal;
  }

  /** The principal's account. */
  String home() {
    return home;
  }

  String owner() {
    return owner;
  }

  Instant at() {
    return at;
  }

  /** True if the resources belong to another account than the principal's. */
  boolean foreign() {
    return foreign;
  }

  /** True if the principal sees all of the owner's catalog by its office. */
  boolean ownAdmin() {
    return !foreign && seesAll(owner);
  }

  /** True if the principal sees by its office what others share with its account. */
  boolean recipientAdmin() {
    return foreign && seesAll(home);
  }

  private boolean seesAll(String account) {
    Account known = estate.account(account);
    return known.admins().contains(principal) || known.readOnlyAdmins().contains(principal);
  }

  boolean isAdminOf(String account) {
    return home.equals(account) && estate.account(account).admins().contains(principal);
  }

  /** Some grants of a grantee that are on a resource, or may be. */
  interface Pick {
    List<HeldGrant> from(Held held);
  }

  /** Grants of the owner to the principal itself. */
  List<HeldGrant> direct(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    for (Voice voice : own) {
      if (voice.direct) {
        collect(pick.from(voice.held), owner, some);
      }
    }
    return some;
  }

  /** Grants of the owner to any grantee that the principal acts as, everybody elsewhere too. */
  List<HeldGrant> anyDirect(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    own.forEach(voice -> collect(pick.from(voice.held), owner, some));
    return some;
  }

  /** Grants of the principal's account to the principal, handing on what others own. */
  List<HeldGrant> local(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    for (Voice voice : own) {
      if (voice.local) {
        collect(pick.from(voice.held), home, some);
      }
    }
    return some;
  }

  /** Grants of the owner to the principal's account, a unit of it or its organization. */
  List<HeldGrant> accountLevel(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    for (Held held : accountLevel) {
      collect(pick.from(held), owner, some);
    }
    return some;
  }

  /** Grants of the owner that leave a resource to IAM. */
  List<HeldGrant> leftToIam(Pick pick) {
    Held held = estate.grants().held(Grantee.IAM_ALLOWED_PRINCIPALS.id(), owner);
    List<HeldGrant> some = new ArrayList<>(1);
    if (held != Held.NOTHING) {
      collect(pick.from(held), owner, some);
    }
    return some;
  }

  private void collect(List<HeldGrant> from, String grantor, List<HeldGrant> into) {
    for (HeldGrant grant : from) {
      if (grant.madeIn(grantor) && grant.activeAt(at)) {
        into.add(grant);
      }
    }
  }

  /** True if what the owner shares by this grant is in force; always in the owner's account. */
  boolean inForce(HeldGrant grant) {
    return !foreign || estate.shareInForce(owner, home, grant.isPolicy());
  }

  /** True if the principal is held to grants on a table that is left to IAM. */
  boolean optedIn(TableNode table) {
    if (!estate.grants().hasOptIns()) {
      return false;
    }
    Resource.AllTables all = new Resource.AllTables(owner, table.in().database().name());
    return optedIn(table.resource())
        || (optedIn(all) && (!foreign || optedIn(table.in().resource())));
  }

  /** True if the principal is held to grants on a resource that is left to IAM. */
  boolean optedIn(Resource on) {
    for (String id : ids) {
      if (estate.grants().optedIn(id, on)) {
        return true;
      }
    }
    return false;
  }
}
