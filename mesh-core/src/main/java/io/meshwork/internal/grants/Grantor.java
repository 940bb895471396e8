package io.meshwork.internal.grants;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The grantor: a principal of the owner, an executor that the owner authorized, or a recipient that
 * passes a grant on within its account. Immutable.
 *
 * @param session the session of the grantor
 * @param owner the domain that owns the data
 * @param recipient the consuming domain of a recipient; empty for others
 * @param authority the authority of an executor; empty for others
 */
record Grantor(
    ClientSession session,
    DomainEntry owner,
    Optional<DomainEntry> recipient,
    Optional<GrantorAuthority> authority) {
  Principal principal() {
    return session.principal();
  }

  /**
   * Returns the caller as a grantor on a domain's data. A caller that grants to its own account
   * only is a recipient if it has a grant with grant option, or no authorization.
   *
   * @param product the product; empty if the grant is not on a single one
   * @throws io.meshwork.error.InvalidRequestException if it is a recipient whose account acts for
   *     no domain
   */
  static Grantor of(
      ClientSession session,
      RightsDocuments documents,
      String domain,
      Optional<ProductName> product,
      GrantSpec<?> spec,
      MeshAction action) {
    DomainEntry owner = session.catalog().requireDomain(domain, action);
    Principal principal = session.principal();
    if (owner.domain().accounts().contains(principal.account())) {
      return new Grantor(
          session,
          session.authorizer().requireAdministrator(domain, action),
          Optional.empty(),
          Optional.empty());
    }
    GrantorAuthority authority =
        GrantorAuthority.of(session, documents, owner, product, spec.request());
    if (!spec.isWithin(principal.account())
        || (authority.exists() && !hasGrantOption(session, documents, owner, product))) {
      authority.requireExists(spec.grantees(), action);
      return new Grantor(session, owner, Optional.empty(), Optional.of(authority));
    }
    return recipient(session, owner, action);
  }

  /**
   * Returns the caller as a decider on requests for a product.
   *
   * @throws io.meshwork.error.AccessDeniedException if it is not a decider of that domain
   */
  static Grantor decider(ClientSession session, ProductName product, MeshAction action) {
    return new Grantor(
        session,
        session.authorizer().requireDecider(product, action),
        Optional.empty(),
        Optional.empty());
  }

  private static Grantor recipient(ClientSession session, DomainEntry owner, MeshAction action) {
    String own = session.authorizer().requireOwnDomain(action).domain();
    return new Grantor(
        session,
        owner,
        Optional.of(session.catalog().requireDomain(own, action)),
        Optional.empty());
  }

  private static boolean hasGrantOption(
      ClientSession session,
      RightsDocuments documents,
      DomainEntry owner,
      Optional<ProductName> product) {
    Principal principal = session.principal();
    return documents
        .concerning(
            Grantee.of(principal),
            owner,
            product.flatMap(each -> session.catalog().findProduct(each)))
        .stream()
        .filter(StoredGrant::grantOption)
        .map(StoredGrant::to)
        .anyMatch(
            to ->
                to.kind() == Grantee.Kind.ORGANIZATION
                    || to.equals(Grantee.account(principal.account()))
                    || to.equals(Grantee.of(principal)));
  }

  /**
   * Requires that a recipient was granted anything on the product with grant option, before its
   * request is compared with the product.
   *
   * @throws io.meshwork.error.AccessDeniedException if it was not
   */
  void requireGrantOption(
      GrantTarget.OfProduct on,
      GrantSpec<?> spec,
      PolicySnapshot snapshot,
      MeshAction action,
      Instant at) {
    boolean mayPassOn =
        isForOwner()
            || snapshot.grants().stream()
                .filter(grant -> grant.grantOption() && grant.isInForce(at))
                .anyMatch(grant -> actors(snapshot).stream().anyMatch(grant::appliesTo));
    if (!mayPassOn) {
      StoredGrant requested =
          spec.grants(this, on, Set.of(Permission.SELECT), List.of(), List.of(), Optional.empty())
              .get(0);
      throw session.denied(
          on.product().toString(),
          action,
          new GrantRejection(action, this, requested, snapshot, at)
              .exception(FindingCode.NOT_GRANTABLE));
    }
  }

  /** Returns true if its grants are the owner's. */
  boolean isForOwner() {
    return recipient.isEmpty();
  }

  /**
   * Returns the domain that writes; for a recipient, its partition for the owner's data, for an
   * executor its account's.
   */
  String writingDomain() {
    String name = owner.domain().name();
    if (authority.isPresent()) {
      return RegistryKeys.executorPartition(name, principal().account());
    }
    return recipient
        .map(domain -> session.catalog().consumerPartition(domain.domain().name(), name))
        .orElse(name);
  }

  /** Returns the account within which a recipient passes grants on; empty for others. */
  Optional<String> recipientAccount() {
    return isForOwner() ? Optional.empty() : Optional.of(principal().account());
  }

  /**
   * Returns the grantees as which it is evaluated; one of them must be allowed to grant. An
   * administrator also passes on grants of its account.
   */
  List<Grantee> actors(PolicySnapshot snapshot) {
    if (isForOwner()) {
      return List.of(PolicySnapshot.accountActor(snapshot.account()));
    }
    Grantee role = Grantee.of(principal());
    return isAdministrator()
        ? List.of(role, PolicySnapshot.accountActor(principal().account()))
        : List.of(role);
  }

  /** Returns true for a recipient that may pass on the grants of its account. */
  boolean isAdministrator() {
    return recipient.filter(session.authorizer()::isAdministrator).isPresent();
  }

  /** Returns the document of the domain of a recipient; empty for others. */
  Optional<VersionedDocument> recipientStored() {
    return recipient.map(DomainEntry::stored);
  }

  Key key(StoredGrant grant) {
    if (!isForOwner()) {
      return RegistryKeys.regrant(writingDomain(), grant.id());
    } else if (authority.isPresent()) {
      return RegistryKeys.executedGrant(writingDomain(), grant.product(), grant.id());
    }
    return grant.ownerKey();
  }
}
