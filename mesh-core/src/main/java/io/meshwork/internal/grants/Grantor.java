package io.meshwork.internal.grants;

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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who shares: one who acts for the owner; somebody else who carries out what the owner authorized;
 * or a recipient that hands on within its account.
 *
 * @param session of the one who shares
 * @param owner the domain whose data it is
 * @param recipient the consuming domain of one who hands on
 * @param authority of one who neither acts for the owner nor hands on
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
   * The caller, towards a domain's data. One who shares with its own account alone hands on, if it
   * was given something there with grant option or nothing was authorized.
   *
   * @param product if it is on one
   * @throws io.meshwork.error.InvalidRequestException if it hands on and the account acts for no
   *     domain
   */
  static Grantor of(
      ClientSession session,
      RightsDocuments documents,
      String domain,
      Optional<ProductName> product,
      GrantSpec<?> terms,
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
        GrantorAuthority.of(session, documents, owner, product, terms.request());
    if (!terms.isWithin(principal.account())
        || (authority.names() && !mayHandOn(documents, principal, owner, product))) {
      return new Grantor(session, owner, Optional.empty(), Optional.of(authority));
    }
    return handingOn(session, owner, action);
  }

  /**
   * The caller as one who decides on a request for a product, which grants what is approved.
   *
   * @throws io.meshwork.error.AccessDeniedException if it does not decide for that domain
   */
  static Grantor deciding(ClientSession session, ProductName product, MeshAction action) {
    return new Grantor(
        session,
        session.authorizer().requireDecider(product, action),
        Optional.empty(),
        Optional.empty());
  }

  private static Grantor handingOn(ClientSession session, DomainEntry owner, MeshAction action) {
    String own = session.authorizer().requireOwnDomain(action).domain();
    return new Grantor(
        session,
        owner,
        Optional.of(session.catalog().requireDomain(own, action)),
        Optional.empty());
  }

  private static boolean mayHandOn(
      RightsDocuments documents,
      Principal principal,
      DomainEntry owner,
      Optional<ProductName> product) {
    return Stream.concat(
            documents.grants(owner).stream(),
            product.stream().flatMap(of -> documents.grants(of).stream()))
        .filter(StoredGrant::grantOption)
        .map(StoredGrant::to)
        .anyMatch(
            to ->
                to.kind() == Grantee.Kind.ORGANIZATION
                    || to.equals(Grantee.account(principal.account()))
                    || to.equals(Grantee.of(principal)));
  }

  /** True if it writes what the owner writes. */
  boolean owns() {
    return recipient.isEmpty();
  }

  /** The domain that writes; of one who hands on, where it writes about the owner's data. */
  String writes() {
    String name = owner.domain().name();
    return recipient
        .map(domain -> session.catalog().consumerPartition(domain.domain().name(), name))
        .orElse(name);
  }

  /** The account in which a recipient hands on. */
  Optional<String> handsOnIn() {
    return owns() ? Optional.empty() : Optional.of(principal().account());
  }

  /** As whom it is judged; one of them suffices. What an account has its administrators hand on. */
  List<Grantee> actors(PolicySnapshot world) {
    if (owns()) {
      return List.of(PolicySnapshot.whoActsFor(world.account()));
    }
    Grantee role = Grantee.of(principal());
    return isAdministrator()
        ? List.of(role, PolicySnapshot.whoActsFor(principal().account()))
        : List.of(role);
  }

  /** True of a recipient that hands on what its account was granted. */
  boolean isAdministrator() {
    return recipient.filter(session.authorizer()::isAdministrator).isPresent();
  }

  /** The document of the domain for which a recipient hands on. */
  Optional<VersionedDocument> recipientStored() {
    return recipient.map(DomainEntry::stored);
  }

  Key key(StoredGrant grant) {
    if (!owns()) {
      return RegistryKeys.regrant(writes(), grant.id());
    }
    return grant.on() instanceof GrantTarget.OfProduct of
        ? RegistryKeys.grant(of.product(), grant.id())
        : RegistryKeys.grant(writes(), grant.id());
  }
}
