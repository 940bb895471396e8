package io.meshwork.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a principal stands to one owner's resources at an instant: which grants speak for it, and in
 * what role. Cheap to make.
 */
final class Standing {
  private final Estate estate;
  private final Identity identity;
  private final String owner;
  private final Instant at;
  private final boolean foreign;

  Standing(Estate estate, Grantee principal, String owner, Instant at) {
    this(estate, estate.identity(principal), owner, at);
  }

  Standing(Estate estate, Identity identity, String owner, Instant at) {
    this.estate = estate;
    this.identity = identity;
    this.owner = owner;
    this.at = at;
    this.foreign = !identity.home().equals(owner);
  }

  Estate estate() {
    return estate;
  }

  Identity identity() {
    return identity;
  }

  String principal() {
    return identity.principal();
  }

  /** The principal's account. */
  String home() {
    return identity.home();
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
    return !foreign && identity.seesAll();
  }

  /** True if the principal sees by its office what others share with its account. */
  boolean recipientAdmin() {
    return foreign && identity.seesAll();
  }

  boolean isAdminOf(String account) {
    return identity.home().equals(account) && identity.isAdmin();
  }

  /** Some grants of a grantee that are on a resource, or may be. */
  interface Pick {
    List<HeldGrant> from(Held held);
  }

  /** Grants of the owner to the principal itself. */
  List<HeldGrant> direct(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    for (Identity.Voice voice : identity.voices()) {
      if (!foreign || !voice.everybody()) {
        collect(voice.on(owner), pick, owner, some);
      }
    }
    return some;
  }

  /** Grants of the owner to any grantee that the principal acts as, everybody elsewhere too. */
  List<HeldGrant> anyDirect(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    for (Identity.Voice voice : identity.voices()) {
      collect(voice.on(owner), pick, owner, some);
    }
    return some;
  }

  /** Grants of the principal's account to the principal, handing on what others own. */
  List<HeldGrant> local(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    if (foreign) {
      for (Identity.Voice voice : identity.voices()) {
        if (voice.fromHome()) {
          collect(voice.on(owner), pick, identity.home(), some);
        }
      }
    }
    return some;
  }

  /** Grants of the owner to the principal's account, a unit of it or its organization. */
  List<HeldGrant> accountLevel(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(4);
    if (foreign) {
      for (Map<String, Held> held : identity.accountLevel()) {
        collect(held.get(owner), pick, owner, some);
      }
    }
    return some;
  }

  /** Grants of the owner that leave a resource to IAM. */
  List<HeldGrant> leftToIam(Pick pick) {
    List<HeldGrant> some = new ArrayList<>(1);
    collect(estate.grants().leftToIam().get(owner), pick, owner, some);
    return some;
  }

  private void collect(@Nullable Held held, Pick pick, String grantor, List<HeldGrant> into) {
    if (held == null) {
      return;
    }
    for (HeldGrant grant : pick.from(held)) {
      if (grant.madeIn(grantor) && grant.activeAt(at)) {
        into.add(grant);
      }
    }
  }

  /** True if what the owner shares by this grant is in force; always in the owner's account. */
  boolean inForce(HeldGrant grant) {
    return !foreign || estate.shareInForce(owner, identity.home(), grant.isPolicy());
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
    for (String id : identity.ids()) {
      if (estate.grants().optedIn(id, on)) {
        return true;
      }
    }
    return false;
  }
}
