package io.meshwork.sharing;

import io.meshwork.access.Grantee;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;

/**
 * Who shares: one who acts for the owner, or a recipient that hands on within its account.
 *
 * @param session of the one who shares
 * @param owner the domain whose data it is
 * @param recipient the consuming domain of one who hands on
 */
record Sharer(Session session, DomainEntry owner, Optional<DomainEntry> recipient) {
  Principal principal() {
    return session.principal();
  }

  /**
   * The caller, towards a domain's data.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  static Sharer of(Session session, String domain, String doing) {
    DomainEntry owner = session.catalog().requireDomain(domain, doing);
    if (owner.domain().accounts().contains(session.principal().account())) {
      return new Sharer(session, owner, Optional.empty());
    }
    String own = session.admission().ownDomain(doing).domain();
    return new Sharer(session, owner, Optional.of(session.catalog().requireDomain(own, doing)));
  }

  boolean owns() {
    return recipient.isEmpty();
  }

  /** The domain that writes. */
  String writes() {
    return recipient.orElse(owner).domain().name();
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
