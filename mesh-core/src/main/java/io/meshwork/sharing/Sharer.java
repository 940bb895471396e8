package io.meshwork.sharing;

import io.meshwork.access.Grantee;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
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
record Sharer(
    Session session,
    DomainEntry owner,
    Optional<DomainEntry> recipient,
    Optional<Authority> authority) {
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
  static Sharer of(
      Session session,
      RightsDocuments documents,
      String domain,
      Optional<ProductName> product,
      GrantTerms<?> terms,
      String doing) {
    DomainEntry owner = session.catalog().requireDomain(domain, doing);
    Principal principal = session.principal();
    if (owner.domain().accounts().contains(principal.account())) {
      return new Sharer(session, owner, Optional.empty(), Optional.empty());
    }
    Authority authority = Authority.of(session, documents, owner, product, terms.request());
    if (!terms.isWithin(principal.account())
        || (authority.names() && !mayHandOn(documents, principal, owner, product))) {
      return new Sharer(session, owner, Optional.empty(), Optional.of(authority));
    }
    return handingOn(session, owner, doing);
  }

  /**
   * The caller, towards a domain's data: one who acts for the owner, or else hands on.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  static Sharer of(Session session, String domain, String doing) {
    DomainEntry owner = session.catalog().requireDomain(domain, doing);
    return owner.domain().accounts().contains(session.principal().account())
        ? new Sharer(session, owner, Optional.empty(), Optional.empty())
        : handingOn(session, owner, doing);
  }

  private static Sharer handingOn(Session session, DomainEntry owner, String doing) {
    String own = session.admission().ownDomain(doing).domain();
    return new Sharer(
        session, owner, Optional.of(session.catalog().requireDomain(own, doing)), Optional.empty());
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

  /** As whom it is judged; one of them suffices. */
  List<Grantee> actors(RightsWorld world) {
    return owns()
        ? List.of(RightsWorld.whoActsFor(world.account()))
        : List.of(Grantee.of(principal()), RightsWorld.whoActsFor(principal().account()));
  }

  Key key(StoredGrant grant) {
    if (!owns()) {
      return Keys.regrant(writes(), grant.id());
    }
    return grant.on() instanceof GrantTarget.OfProduct of
        ? Keys.grant(of.product(), grant.id())
        : Keys.grant(writes(), grant.id());
  }
}
