package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.GranteeGrants;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.PrincipalIdentity;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A principal in relation to the resources of one owner at a time: which grants apply to it, and in
 * which role. Cheap to create.
 */
final class EvaluationContext {
  private final AccessIndex index;
  private final PrincipalIdentity identity;
  private final String owner;
  private final Instant at;
  private final boolean foreign;

  EvaluationContext(AccessIndex index, Grantee principal, String owner, Instant at) {
    this(index, index.identity(principal), owner, at);
  }

  EvaluationContext(AccessIndex index, PrincipalIdentity identity, String owner, Instant at) {
    this.index = index;
    this.identity = identity;
    this.owner = owner;
    this.at = at;
    this.foreign = !identity.home().equals(owner);
  }

  AccessIndex index() {
    return index;
  }

  PrincipalIdentity identity() {
    return identity;
  }

  String principal() {
    return identity.principal();
  }

  /** The principal's account. */
  String home() {
    return identity.home();
  }

  /** Returns true if the resources belong to another account than the principal's. */
  boolean foreign() {
    return foreign;
  }

  /** Returns true if the principal sees all of the owner's catalog as an administrator. */
  boolean ownAdmin() {
    return !foreign && identity.seesAll();
  }

  /** Returns true if the principal sees what is shared with its account as an administrator. */
  boolean recipientAdmin() {
    return foreign && identity.seesAll();
  }

  boolean isAdminOf(String account) {
    return identity.home().equals(account) && identity.isAdmin();
  }

  /** Selects the grants of a grantee that apply, or may apply, to a resource. */
  interface GrantSelector {
    List<IndexedGrant> from(GranteeGrants held);
  }

  /** Grants of the owner to the principal. */
  List<IndexedGrant> direct(GrantSelector selector) {
    List<IndexedGrant> some = new ArrayList<>(4);
    for (PrincipalIdentity.ActingGrantee acting : identity.actingGrantees()) {
      if (!foreign || !acting.allPrincipals()) {
        collect(acting.on(owner), selector, owner, some);
      }
    }
    return some;
  }

  /**
   * Grants of the principal's account to the principal on resources that are shared with the
   * account.
   */
  List<IndexedGrant> local(GrantSelector selector) {
    List<IndexedGrant> some = new ArrayList<>(4);
    if (foreign) {
      for (PrincipalIdentity.ActingGrantee acting : identity.actingGrantees()) {
        if (acting.fromHome()) {
          collect(acting.on(owner), selector, identity.home(), some);
        }
      }
    }
    return some;
  }

  /**
   * Grants of the owner to the principal's account, its organizational units or its organization.
   */
  List<IndexedGrant> accountLevel(GrantSelector selector) {
    List<IndexedGrant> some = new ArrayList<>(4);
    if (foreign) {
      for (Map<String, GranteeGrants> held : identity.accountLevel()) {
        collect(held.get(owner), selector, owner, some);
      }
    }
    return some;
  }

  /** Grants of the owner that leave access control of a resource to IAM. */
  List<IndexedGrant> controlledByIam(GrantSelector selector) {
    List<IndexedGrant> some = new ArrayList<>(1);
    collect(index.grants().controlledByIam().get(owner), selector, owner, some);
    return some;
  }

  private void collect(
      @Nullable GranteeGrants held,
      GrantSelector selector,
      String grantor,
      List<IndexedGrant> into) {
    if (held == null) {
      return;
    }
    for (IndexedGrant grant : selector.from(held)) {
      if (grant.madeIn(grantor) && grant.activeAt(at)) {
        into.add(grant);
      }
    }
  }

  /**
   * Returns true if the resource share of this grant is active; always true in the owner's account.
   */
  boolean isActive(IndexedGrant grant) {
    return !foreign || index.shareInForce(owner, identity.home(), grant.isPolicy());
  }

  /** Returns true if the principal opted in to Lake Formation permissions on a table. */
  boolean optedIn(TableNode table) {
    if (!index.grants().hasOptIns()) {
      return false;
    }
    Resource.AllTables all = new Resource.AllTables(owner, table.in().database().name());
    return optedIn(table.resource())
        || (optedIn(all) && (!foreign || optedIn(table.in().resource())));
  }

  /** Returns true if the principal opted in to Lake Formation permissions on a resource. */
  boolean optedIn(Resource on) {
    for (String id : identity.ids()) {
      if (index.grants().optedIn(id, on)) {
        return true;
      }
    }
    return false;
  }
}
